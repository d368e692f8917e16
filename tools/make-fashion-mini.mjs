// Makes assets/datasets/fashion-mnist-mini from the four official Fashion-MNIST files (Debian: package dataset-fashion-mnist):
//   node tools/make-fashion-mini.mjs /usr/share/datasets/fashion-mnist
// Of each class it takes the 1,200 training and 200 test images whose SHA-256 of 'seed 0, <split> <index>' is lowest, in their order.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const [from] = process.argv.slice(2);
if (!from) {
  console.error('usage: node tools/make-fashion-mini.mjs FOLDER');
  process.exit(2);
}
const out = new URL('../assets/datasets/fashion-mnist-mini/', import.meta.url);
const official = {
  'train-images-idx3-ubyte.gz': '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
  'train-labels-idx1-ubyte.gz': '25c81989df183df01b3e8a0aad5dffbe',
  't10k-images-idx3-ubyte.gz': 'bef4ecab320f06d8554ea6380940ec79',
  't10k-labels-idx1-ubyte.gz': 'bb300cfdad3c16e7a12a480ee83cd310',
};

function read(name) {
  const bytes = readFileSync(join(from, name));
  const sum = createHash('md5').update(bytes).digest('hex');
  if (sum !== official[name]) throw new Error(`${name} has MD5 ${sum}; it should be ${official[name]}`);
  return gunzipSync(bytes);
}

function header(magic, sizes) {
  const bytes = Buffer.alloc(4 + 4 * sizes.length);
  [magic, ...sizes].forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
}

mkdirSync(out, { recursive: true });
const files = {};
for (const [split, perClass] of [
  ['train', 1200],
  ['t10k', 200],
]) {
  const images = read(`${split}-images-idx3-ubyte.gz`).subarray(16);
  const labels = read(`${split}-labels-idx1-ubyte.gz`).subarray(8);
  const rank = (index) => createHash('sha256').update(`seed 0, ${split} ${index}`).digest('hex');
  const all = Array.from(labels, (label, index) => ({ label, index, rank: rank(index) }));
  const chosen = Array.from({ length: 10 }, (_, label) => all.filter((image) => image.label === label))
    .flatMap((of) => of.sort((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, perClass))
    .map(({ index }) => index)
    .sort((a, b) => a - b);
  const members = {
    [`${split}-images-idx3-ubyte.gz`]: [
      header(0x803, [chosen.length, 28, 28]),
      ...chosen.map((index) => images.subarray(index * 784, (index + 1) * 784)),
    ],
    [`${split}-labels-idx1-ubyte.gz`]: [header(0x801, [chosen.length]), Buffer.from(chosen.map((i) => labels[i]))],
  };
  for (const [name, parts] of Object.entries(members)) {
    const bytes = gzipSync(Buffer.concat(parts), { level: 9 });
    writeFileSync(new URL(name, out), bytes);
    files[name] = createHash('sha256').update(bytes).digest('hex');
  }
}
writeFileSync(new URL('sums.json', out), `${JSON.stringify(files, null, 2)}\n`);
