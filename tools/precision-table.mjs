// Writes docs/precision.md: the fashion-mini presets trained in float32 and in bfloat16, under three
// seeds each; clean and PGD-20 accuracy on 1,000 test images, measured in float32. Needs engine tensorflow and about half an hour.
//   node tools/precision-table.mjs FOLDER [PRESETS]   (finished runs in FOLDER are taken as they are)
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';

const precisions = ['float32', 'bfloat16'];
const seeds = [1, 2, 3];
const [folder, names = 'natural,at,jeat'] = process.argv.slice(2);
const presets = names.split(',');
if (!folder) throw new Error('name a folder for the runs');
const root = new URL('../', import.meta.url).pathname;

const lowland = (...args) =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [join(root, 'bin/lowland.mjs'), ...args, '--json', '--quiet', '--engine', 'tensorflow'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    ),
  );

function measured(preset, precision, seed) {
  const out = join(folder, `${preset}-${precision}-${seed}`);
  if (!existsSync(join(out, 'weights.safetensors')))
    lowland(
      'train',
      '--preset',
      `fashion-mini/${preset}`,
      '--precision',
      precision,
      '--seed',
      String(seed),
      '--out',
      out,
    );
  const { results } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  const set = ['--set', 'steps=20', '--set', 'step=0.025'];
  const attack = lowland(
    'attack',
    join(out, 'weights.safetensors'),
    '--eps',
    '0.1',
    '--n',
    '1000',
    '--seed',
    '0',
    ...set,
  );
  process.stderr.write(`${preset} ${precision} ${seed}: ${attack.clean} ${attack.robust}\n`);
  return { clean: 100 * attack.clean, robust: 100 * attack.robust, steps: results.steps };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) * (values.length / (values.length - 1)));
const cell = (values) => `${mean(values).toFixed(1)} ± ${deviation(values).toFixed(1)}`;

const rows = presets.flatMap((preset) =>
  precisions.map((precision) => {
    const runs = seeds.map((seed) => measured(preset, precision, seed));
    const column = (name) => cell(runs.map((run) => run[name]));
    return `| ${preset} | ${precision} | ${runs[0].steps} | ${column('clean')} | ${column('robust')} |`;
  }),
);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(
  join(root, 'docs/precision.md'),
  `# Precision

Whether training in bfloat16 ends where float32 does: the presets \`fashion-mini/*\`, ${seeds.length} seeds each, accuracy in per cent on 1,000
test images (mean ± standard deviation over seeds), clean and under PGD-20 (linf 0.1, steps of 0.025), both measured in float32.

| preset | precision | steps | clean | PGD-20 |
| ------ | --------- | ----- | ----- | ------ |
${rows.join('\n')}

Made by \`node tools/precision-table.mjs FOLDER\` with Lowland ${version}, engine tensorflow, on ${os.cpus()[0].model.trim()}, ${os.availableParallelism()} cores.
`,
);
