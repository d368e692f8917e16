// Makes assets/models/FAMILY from finished runs: weights and a card with what was measured on test images.
//   node tools/publish-models.mjs FOLDER [FAMILY] [ENGINE]   (FOLDER/<run>/weights.safetensors and run.json, as lowland train leaves them)
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of each run's model, in half precision or not, the data it is measured on, and the ball: steps of PGD-20 are a quarter of its radius. */
const families = {
  fashion: {
    models: { natural: 'natural', noise: 'noise', at: 'at', prejeat: 'prejeat', jeat: 'jeat' },
    dataset: 'fashion-mnist',
    data: 'fashion-mnist-mini',
    eps: 0.1,
  },
  cifar10: {
    models: {
      natural: 'natural-small',
      noise: 'noise-small',
      at: 'at-small',
      prejeat: 'prejeat-small',
      jeat: 'jeat-small',
    },
    half: true,
    dataset: 'cifar10',
    data: 'cifar10',
    eps: 8 / 255,
  },
  toys: {
    models: { natural: 'natural-moons', at: 'at-moons', jeat: 'jeat-moons' },
    dataset: 'toy-moons',
    data: 'toy-moons',
    eps: 0.05,
  },
};
const [from, family = 'fashion', engine = 'tensorflow'] = process.argv.slice(2);
const known = families[family];
if (!from || !known)
  throw new Error(`name the folder that holds the runs, and one of ${Object.keys(families).join(', ')}`);
const to = new URL(`../assets/models/${family}/`, import.meta.url).pathname;
const lowland = new URL('../bin/lowland.mjs', import.meta.url).pathname;
mkdirSync(to, { recursive: true });
const root = new URL('../', import.meta.url).pathname;
const bundle = join(root, 'node_modules/.cache/publish-safetensors.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['core/models/safetensors.ts'],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
});
const safetensors = await import(bundle);

const ask = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, [lowland, ...args, '--json', '--engine', engine], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
/** The same weights in half precision: half the bytes, and what is measured is what is published. */
function halved(bytes, file) {
  const { tensors, metadata } = safetensors.decodeSafetensors(bytes, file);
  return safetensors.encodeSafetensors(tensors, metadata, { half: true });
}

const images = 1000;

for (const [ran, name] of Object.entries(known.models)) {
  if (!existsSync(join(from, ran, 'weights.safetensors'))) continue;
  const run = JSON.parse(readFileSync(join(from, ran, 'run.json'), 'utf8'));
  const file = join(to, `${name}.safetensors`);
  const weights = readFileSync(join(from, ran, 'weights.safetensors'));
  writeFileSync(file, known.half ? halved(weights, file) : weights);
  const data = ['--data', known.data, '--seed', '0'];
  const attack = ask(
    'attack',
    file,
    ...data,
    '--attack',
    'pgd',
    '--eps',
    String(known.eps),
    '--n',
    String(images),
    '--set',
    'steps=20',
    '--set',
    `step=${known.eps / 4}`,
  );
  const surface = ask(
    'surface',
    '--models',
    file,
    ...data,
    '--image',
    '7',
    '--resolution',
    '3',
    '--flatness-n',
    '64',
    '--out',
    join(from, `${name}.svg`),
  );
  const flatness = Object.values(surface.flatness)[0];
  const { configuration } = run;
  const card = {
    name: `${family}/${name}`,
    title: run.name,
    dataset: known.dataset,
    architecture: configuration.model.id,
    options: configuration.model.options,
    parameters: run.results.parameters,
    objective: configuration.objective.id,
    preset: configuration.name,
    configuration,
    seed: run.seed,
    command: `npx lowland train --preset ${configuration.name} --seed ${run.seed}`,
    steps: run.results.steps,
    clean: attack.clean,
    robust: { attack: 'pgd', norm: 'linf', eps: known.eps, steps: 20, accuracy: attack.robust, images },
    flatness: {
      maxOverGap: flatness.maxOverGap,
      attackedRise: flatness.attacked.mean,
      randomRise: flatness.random.mean,
      gradientNorm: flatness.gradientNorm,
      images: 64,
    },
    measuredOn: `the first test images of ${known.data}`,
    engine: run.engine,
    versions: run.versions,
    date: run.timings.created.slice(0, 10),
  };
  writeFileSync(join(to, `${name}.json`), `${JSON.stringify(card, null, 2)}\n`);
  console.log(
    `| ${name} | ${(100 * card.clean).toFixed(1)} | ${(100 * card.robust.accuracy).toFixed(1)} | ${flatness.maxOverGap.toFixed(3)} | ${flatness.gradientNorm.toFixed(2)} |`,
  );
}
