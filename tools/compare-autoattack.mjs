// Compares AutoAttack of `lowland evaluate` with test/fixtures/attacks/autoattack.json (made by reference_accuracy.py beside it),
// image by image, and prints a table. Needs the dataset cifar10 and the nets imported under the names of their files.
//   node tools/compare-autoattack.mjs FOLDER [NET,...] [--engine tensorflow]   (evaluations in FOLDER are gone on with)
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, nets, ...flags] = process.argv.slice(2);
if (!folder) throw new Error('name a folder for the evaluations');
const root = new URL('../', import.meta.url).pathname;
const reference = JSON.parse(readFileSync(join(root, 'test/fixtures/attacks/autoattack.json'), 'utf8'));
const wanted = nets && !nets.startsWith('--') ? nets.split(',') : undefined;
const more = wanted ? flags : [nets, ...flags].filter((flag) => flag !== undefined);

/** Ours as the reference writes it: '0' wrong at once, '1' felled, '2' standing. */
function verdicts(net, eps, n) {
  const levels = Math.round(eps * 255);
  const out = join(folder, `${net}-${levels}-${n}`);
  const plan = [
    '--attacks',
    'autoattack',
    '--eps',
    `${levels}/255`,
    '--data',
    'cifar10',
    '--n',
    String(n),
    '--batch',
    '100',
  ];
  execFileSync(
    process.execPath,
    [join(root, 'bin/lowland.mjs'), 'evaluate', net, ...plan, ...more, '--out', out, '--resume', '--json'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const rows = readFileSync(join(out, 'images.csv'), 'utf8').trim().split('\n').slice(1);
  const found = rows
    .map((row) => row.split(','))
    .map(([, label, predicted, , , , robust]) => (label !== predicted ? 0 : 1 + Number(robust)));
  return found.join('');
}

const share = (text, allowed) => ((100 * [...text].filter((c) => allowed.includes(c)).length) / text.length).toFixed(1);
console.log('| net | eps | images | clean, ours | theirs | robust, ours | theirs | images that differ |');
console.log('| --- | --- | --: | --: | --: | --: | --: | --: |');
for (const { net, eps, n, verdicts: theirs } of reference) {
  const name = net.replace(/\.\w+$/, '');
  if (wanted && !wanted.includes(name)) continue;
  const found = verdicts(name, eps, n);
  const differ = [...theirs].filter((verdict, i) => verdict !== found[i]).length;
  const cells = [share(found, '12'), share(theirs, '12'), share(found, '2'), share(theirs, '2'), differ];
  console.log(`| ${name} | ${Math.round(eps * 255)}/255 | ${n} | ${cells.join(' | ')} |`);
}
