/** docs/benchmarks.md from a file of results: the machine, tables by model, and figures of how time and memory grow. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { lineChart } from '../../core/figures/line-chart';
import { writeAtomic } from '../../core/lib/atomic';
import { AppError, fileError } from '../../core/lib/errors';
import { packageRoot } from '../../core/lib/paths';
import { type Row, cellsOf, columns, rowSchema } from './rows';

/** The results of several runs; of a case that was timed again the later counts. @throws AppError when a file is not there or holds none. */
export async function writeDocs(files: readonly string[]): Promise<void> {
  const rows = new Map<string, Row>();
  for (const file of files)
    for (const row of await readRows(file))
      rows.set([row.name, row.model, row.engine, row.precision, row.batch].join(), row);
  const all = [...rows.values()].sort(
    (a, b) => a.name.localeCompare(b.name) || b.precision.localeCompare(a.precision) || a.batch - b.batch,
  );
  const folder = path.join(packageRoot, 'docs');
  await writeAtomic(path.join(folder, 'benchmarks-batch.svg'), growth(all, byBatch));
  await writeAtomic(path.join(folder, 'benchmarks-width.svg'), growth(all, byWidth));
  await writeAtomic(path.join(folder, 'benchmarks-steps.svg'), growth(all, bySteps));
  await writeAtomic(path.join(folder, 'benchmarks.md'), page(all));
}

async function readRows(file: string): Promise<Row[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, file, 'read the results');
  });
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(rowSchema), v.minLength(1)), text);
  if (!read.success) throw new AppError('BAD_FILE', `'${file}' holds no results of npm run bench -- --json.`);
  return read.output;
}

function page(rows: readonly Row[]): string {
  const models = [...new Set(rows.map(({ model }) => model))];
  const counts = rows.map(({ rounds }) => rounds);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const distinct = (values: readonly (string | undefined)[]) =>
    [...new Set(values)].filter((value) => value !== undefined).join('; ');
  return `# Benchmarks

\`npm run bench -- --against pytorch --json\` measured these, a part of \`--cases\` at a time, and \`npm run bench -- --docs\`
wrote them down. A case runs in processes of its own, ours and PyTorch's round by round in turn; a time is the median of ${fewest} to ${most} rounds
in milliseconds, after rounds that compile and warm up, and the ratio is ours / PyTorch's: below 1 ours is faster. PyTorch runs
eagerly on all cores, in bfloat16 by autocast, in channels-last and in contiguous layout, its OpenMP threads spinning or
asleep while they wait: the fastest of the four counts. MiB is the most memory that a process held.
GFLOP/s are counted from the shapes of convolutions and linear layers.

The peak, where there is one, is that of a product of large matrices on the same engine in the same precision and run. Rows with a low peak,
against the highest of their precision, were measured while other work kept the machine busy: their ratios are less certain.

- Processor: ${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}
- Ours: ${distinct(rows.map(({ ours_version }) => ours_version))}
- Theirs: ${distinct(rows.map(({ theirs_version }) => theirs_version)) || 'not compared'}

${models.map((model) => section(model, rows)).join('\n')}
## Growth

A PGD-AT step (PGD-5 where nothing else is said, then an update) in float32.

![Time and memory against the batch](benchmarks-batch.svg)

![Time and memory against the width](benchmarks-width.svg)

![Time and memory against the steps of the attack](benchmarks-steps.svg)
`;
}

const titles: Readonly<Record<string, string>> = {
  '-': 'Start-up and data',
  convnet: 'Small convnet, 28 x 28 x 1',
  'resnet-18': 'ResNet-18 with batch norm, 32 x 32 x 3',
};

function section(model: string, rows: readonly Row[]): string {
  const own = rows.filter((row) => row.model === model);
  const shown = columns.map((_, i) => i).filter((i) => i !== 1 && own.some((row) => cellsOf(row)[i] !== ''));
  const line = (cells: readonly string[]) => `| ${shown.map((i) => cells[i] ?? '').join(' | ')} |`;
  const rule = `| ${shown.map((i) => (i > 3 ? '---:' : '---')).join(' | ')} |`;
  return `## ${titles[model] ?? `${model.toUpperCase()} without norm, 32 x 32 x 3`}

${[line(columns), rule, ...own.map((row) => line(cellsOf(row)))].join('\n')}
`;
}

interface Against {
  readonly title: string;
  readonly label: string;
  /** Where a row lies on the axis; undefined for rows that do not belong. */
  at(row: Row): number | undefined;
}

const usual = 'step pgd-at';
const byBatch: Against = {
  title: 'PGD-AT step of a WRN-16-2 by batch',
  label: 'images in a batch',
  at: ({ name, model, batch }) => (name === usual && model === 'wrn-16-2' ? batch : undefined),
};
const byWidth: Against = {
  title: 'PGD-AT step of a WRN-16-k at batch 64 by width',
  label: 'width k',
  at: ({ name, model, batch }) =>
    name === usual && batch === 64 && model.startsWith('wrn-16-') ? Number(model.slice(7)) : undefined,
};

const bySteps: Against = {
  title: 'PGD-AT step of a WRN-16-2 at batch 64 by steps of the attack',
  label: 'steps of the attack',
  at: ({ model, batch, name }) =>
    model === 'wrn-16-2' && batch === 64 ? Number(/PGD-(\d+)$/.exec(name)?.[1] ?? 5) : undefined,
};

/** Time on the left axis, memory on the right one, ours and PyTorch's. */
function growth(rows: readonly Row[], { title, label, at }: Against): string {
  const points = rows
    .filter(
      ({ name, engine, precision }) =>
        name.startsWith('step pgd-at') && engine === 'tensorflow' && precision === 'float32',
    ) // prettier-ignore
    .flatMap((row) => {
      const x = at(row);
      return x === undefined ? [] : [{ x, row }];
    })
    .sort((a, b) => a.x - b.x);
  const curve = (name: string, value: (row: Row) => number | undefined, look: { right?: boolean; dashed?: boolean; colour: string }) => // prettier-ignore
    ({ label: name, x: points.map(({ x }) => x), y: points.map(({ row }) => value(row) ?? NaN), points: true, ...look }); // prettier-ignore
  const [ours, theirs] = ['#17594a', '#b5502f'];
  return lineChart(
    {
      title,
      xLabel: label,
      yLabel: 'seconds',
      rightLabel: 'MiB',
      series: [
        curve('Lowland', (row) => row.ours_ms / 1000, { colour: ours }),
        curve('PyTorch', (row) => row.theirs_ms && row.theirs_ms / 1000, { colour: theirs }),
        curve('Lowland, memory', (row) => row.ours_rss_mb, { right: true, dashed: true, colour: ours }),
        curve('PyTorch, memory', (row) => row.theirs_rss_mb, { right: true, dashed: true, colour: theirs }),
      ],
    },
    'light',
  );
}
