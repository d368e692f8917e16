/** The set-up of the tensorflow engine: what it makes, what it says when it cannot, and that a build that worked survives it all. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setupTensorflow } from '../../core/engine/setup';
import { wheelFor } from '../../core/engine/setup-wheels';
import { findBuilds } from '../../core/engine/tensorflow-folder';
import { AppError } from '../../core/lib/errors';
import { Workshop, request, wheel, works } from './setup-fakes';

let workshop: Workshop;
beforeEach(() => {
  workshop = new Workshop();
});
afterEach(() => workshop.close());

const names = () => readdirSync(workshop.engines).sort();
const endedProcess = (): number => spawnSync(process.execPath, ['-e', '']).pid;

async function failure(running: Promise<unknown>): Promise<AppError> {
  const error: unknown = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error(`no AppError but ${String(error)}`);
}

describe('a set-up that goes well', () => {
  test('puts the build in place and leaves nothing else', async () => {
    const result = await setupTensorflow(request());
    expect(result).toMatchObject({ folder: workshop.place, built: true, examination: works });
    expect(workshop.built()).toBe('built');
    expect(names()).toEqual(['tensorflow-2.21.0']);
    expect(findBuilds().map(({ folder, version, gpu }) => [folder, version, gpu])).toEqual([
      [workshop.place, '2.21.0', false],
    ]);
  });

  test('does nothing where a build works, unless forced', async () => {
    workshop.plant();
    expect(await setupTensorflow(request())).toMatchObject({ built: false });
    expect(workshop.downloads()).toBe(0);
    expect(workshop.built()).toBe('old');
    expect(await setupTensorflow(request({ force: true }))).toMatchObject({ built: true });
    expect(workshop.built()).toBe('built');
    expect(names()).toEqual(['tensorflow-2.21.0']);
  });

  test('replaces a build that works no more', async () => {
    workshop.plant();
    const attempt = async (folder: string) =>
      workshop.built(folder) === 'old' ? { ...works, works: false, reason: 'it is old' } : works;
    expect(await setupTensorflow(request({ attempt }))).toMatchObject({ built: true });
    expect(workshop.built()).toBe('built');
  });

  test('tries the build before it is in place', async () => {
    workshop.plant();
    const seen: (string | undefined)[] = [];
    const attempt = async (folder: string) => {
      seen.push(workshop.built(folder), workshop.built());
      return works;
    };
    await setupTensorflow(request({ attempt, force: true }));
    expect(seen).toEqual(['built', 'old']);
  });
});

interface Failing {
  readonly prepare: () => Partial<Parameters<typeof request>[0]> | undefined;
  readonly code: string;
  readonly says: RegExp;
  readonly hint: RegExp;
}

const set = (name: string, value: string) => () => {
  process.env[name] = value;
  return undefined;
};
const remove = (program: string) => () => {
  rmSync(workshop.program(program));
  return undefined;
};

const failing: Record<string, Failing> = {
  'no python3': { prepare: remove('python3'), code: 'ENGINE', says: /needs Python 3/, hint: /python3/ },
  'no pip': { prepare: set('FAKE_PIP', 'missing'), code: 'ENGINE', says: /needs Python's pip/, hint: /pip|brew/ },
  'no g++': { prepare: remove('g++'), code: 'ENGINE', says: /needs a C\+\+ compiler/, hint: /g\+\+|xcode/ },
  'no network': { prepare: set('FAKE_PIP', 'offline'), code: 'NO_NETWORK', says: /no route to the index/, hint: /net/ },
  'a wrong sum': {
    prepare: set('FAKE_WHEEL', 'another wheel'),
    code: 'CHECKSUM',
    says: new RegExp(`it should be ${wheel.sha256}`),
    hint: /deleted/,
  },
  'a compiler that fails': {
    prepare: set('FAKE_COMPILER', 'broken'),
    code: 'ENGINE',
    says: /could not compile .* no such thing/,
    hint: /^$/,
  },
  'a build that does not work': {
    prepare: () => ({ attempt: async () => ({ ...works, works: false, reason: 'It crashed.' }) }),
    code: 'ENGINE',
    says: /does not work: It crashed/,
    hint: /kept/,
  },
};

describe.each(Object.entries(failing))('%s', (_name, { prepare, code, says, hint }) => {
  test('is said, and the build that worked stays', async () => {
    workshop.plant();
    const more = prepare();
    const error = await failure(setupTensorflow(request({ ...more, force: true })));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(error.hint ?? '').toMatch(hint);
    expect(workshop.built()).toBe('old');
    expect(names().filter((name) => name !== 'downloads')).toEqual(['tensorflow-2.21.0']);
  });
});

describe('a set-up that was interrupted', () => {
  test('is cleaned up by the next one, unless it still runs', async () => {
    const [dead, alive] = [endedProcess(), process.ppid];
    for (const pid of [dead, alive]) mkdirSync(`${workshop.place}.partial-${pid}`, { recursive: true });
    await setupTensorflow(request());
    expect(names()).toEqual(['tensorflow-2.21.0', `tensorflow-2.21.0.partial-${alive}`]);
  });

  test('between its two renames leaves a build that is found', async () => {
    const replaced = `${workshop.place}.replaced-${endedProcess()}`;
    workshop.plant(replaced);
    expect(findBuilds().map(({ folder }) => folder)).toEqual([replaced]);
    process.env.FAKE_COMPILER = 'broken';
    await failure(setupTensorflow(request()));
    expect(findBuilds().map(({ folder }) => folder)).toEqual([replaced]);
    delete process.env.FAKE_COMPILER;
    await setupTensorflow(request());
    expect(findBuilds().map(({ folder }) => folder)).toEqual([workshop.place, replaced]);
    await setupTensorflow(request({ force: true }));
    expect(names()).toEqual(['tensorflow-2.21.0']);
  });

  test('by the user says so and downloads no more', async () => {
    process.env.FAKE_PIP = 'hangs';
    const controller = new AbortController();
    const running = failure(setupTensorflow(request({ signal: controller.signal })));
    while (workshop.downloads() === 0) await new Promise((done) => setTimeout(done, 10));
    controller.abort();
    expect((await running).code).toBe('CANCELLED');
    expect(names()).toEqual(['downloads']);
  });

  test('after its download does not download again', async () => {
    process.env.FAKE_COMPILER = 'broken';
    await failure(setupTensorflow(request()));
    delete process.env.FAKE_COMPILER;
    await setupTensorflow(request());
    expect(workshop.downloads()).toBe(1);
  });
});

test('a data folder that is a file is named', async () => {
  writeFileSync(path.join(workshop.root, 'data'), '');
  const error = await failure(setupTensorflow(request()));
  expect(error.code).toBe('NOT_WRITABLE');
  expect(error.message).toContain(path.join('data', 'engines'));
  expect(existsSync(path.join(workshop.root, 'data'))).toBe(true);
});

test.each([
  ['win32', 'x64', false, /no build of libtensorflow for win32 x64/],
  ['darwin', 'arm64', true, /no CUDA build of libtensorflow for darwin arm64/],
])('%s %s (CUDA: %s) has no wheel', (platform, arch, gpu, says) => {
  expect(() => wheelFor(gpu, platform, arch)).toThrow(says);
});
