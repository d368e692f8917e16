// Makes assets/models/fashion from finished runs: weights and a card with what was measured on the embedded test images.
//   node tools/publish-models.mjs FOLDER   (FOLDER/<name>/weights.safetensors and run.json, as lowland train leaves them)
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const names = ['natural', 'noise', 'at', 'prejeat', 'jeat'];
const [from, engine = 'tensorflow'] = process.argv.slice(2);
if (!from) throw new Error('name the folder that holds the runs');
const to = new URL('../assets/models/fashion/', import.meta.url).pathname;
const lowland = new URL('../bin/lowland.mjs', import.meta.url).pathname;
mkdirSync(to, { recursive: true });

const ask = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, [lowland, ...args, '--json', '--engine', engine], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
const images = 1000;

for (const name of names.filter((each) => existsSync(join(from, each, 'weights.safetensors')))) {
  const run = JSON.parse(readFileSync(join(from, name, 'run.json'), 'utf8'));
  const file = join(to, `${name}.safetensors`);
  copyFileSync(join(from, name, 'weights.safetensors'), file);
  const data = ['--data', 'fashion-mnist-mini', '--seed', '0'];
  const attack = ask(
    'attack',
    file,
    ...data,
    '--attack',
    'pgd',
    '--eps',
    '0.1',
    '--n',
    String(images),
    '--set',
    'steps=20',
    '--set',
    'step=0.025',
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
    name: `fashion/${name}`,
    title: run.name,
    dataset: 'fashion-mnist',
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
    robust: { attack: 'pgd', norm: 'linf', eps: 0.1, steps: 20, accuracy: attack.robust, images },
    flatness: {
      maxOverGap: flatness.maxOverGap,
      attackedRise: flatness.attacked.mean,
      randomRise: flatness.random.mean,
      gradientNorm: flatness.gradientNorm,
      images: 64,
    },
    measuredOn: 'the first test images of fashion-mnist-mini',
    engine: run.engine,
    versions: run.versions,
    date: run.timings.created.slice(0, 10),
  };
  writeFileSync(join(to, `${name}.json`), `${JSON.stringify(card, null, 2)}\n`);
  console.log(
    `| ${name} | ${(100 * card.clean).toFixed(1)} | ${(100 * card.robust.accuracy).toFixed(1)} | ${flatness.maxOverGap.toFixed(3)} | ${flatness.gradientNorm.toFixed(2)} |`,
  );
}
