import { expect, test } from 'vitest';
import { duration, terminalProgress } from '../../core/cli/progress';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  let time = 0;
  const progress = terminalProgress({ write: (text) => written.push(text), isTTY, columns: 60 }, () => time);
  return { written, progress, at: (ms: number) => (time = ms) };
}

test('without a terminal: a plain line at most every two seconds, and the last one', () => {
  const { written, progress, at } = terminal(false);
  for (let step = 0; step <= 50; step++) {
    at(step * 100);
    progress.update('training', step, 50, 'steps', 'loss 1');
  }
  expect(written).toEqual([
    'training  0/50 steps  loss 1\n',
    'training  20/50 steps  10 steps/s  0:03 left  loss 1\n',
    'training  40/50 steps  10 steps/s  0:01 left  loss 1\n',
    'training  50/50 steps  10 steps/s  in 0:05  loss 1\n',
  ]);
});

test('on a terminal: one bar that is cut to the width and gives way to notes', () => {
  const { written, progress, at } = terminal(true);
  at(0);
  progress.update('sampling', 0, 4, 'images', 'a very long note that does not fit into the line at all');
  progress.note('A note.');
  at(1000);
  progress.update('sampling', 4, 4, 'images');
  const [first = '', clear = '', note, again, ...rest] = written;
  expect(first).toHaveLength(59);
  expect(first).toMatch(/^sampling {2}\[·{20}\] {2}0\/4 images {2}a very/);
  expect([note, again]).toEqual(['A note.\n', first]);
  expect(rest).toEqual([clear, 'sampling  [████████████████████]  4/4 images  4 images/s  in 0:01\n']);
});

test('a resumed task counts its rate from where it began; bytes are shown in MB', () => {
  const { written, progress, at } = terminal(false);
  progress.update('download', 5e6, 20e6, 'bytes');
  at(5000);
  progress.update('download', 10e6, 20e6, 'bytes');
  expect(written[1]).toBe('download  10.0/20.0 MB  1.0 MB/s  0:10 left\n');
});

test.each([
  [0, '0:00'],
  [75, '1:15'],
  [4000, '1:06:40'],
])('%d s is %s', (seconds, text) => expect(duration(seconds)).toBe(text));
