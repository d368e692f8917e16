// Makes assets/datasets/fashion-mnist-mini from the four Fashion-MNIST files (Debian: package dataset-fashion-mnist):
//   node tools/make-fashion-mini.mjs /usr/share/datasets/fashion-mnist
// Takes the first 1,200 training and 200 test images of each class, in their order: the official order is already random.
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
/** MD5 of the files, unpacked: packers differ. */
const official = {
  'train-images-idx3-ubyte.gz': 'f4a8712d7a061bf5bd6d2ca38dc4d50a',
  'train-labels-idx1-ubyte.gz': '9018921c3c673c538a1fc5bad174d6f9',
  't10k-images-idx3-ubyte.gz': '8181f5470baa50b63fa0f6fddb340f0a',
  't10k-labels-idx1-ubyte.gz': '15d484375f8d13e6eb1aabb0c3f46965',
};

function read(name) {
  const bytes = gunzipSync(readFileSync(join(from, name)));
  const sum = createHash('md5').update(bytes).digest('hex');
  if (sum !== official[name]) throw new Error(`${name} unpacks to MD5 ${sum}; it should be ${official[name]}`);
  return bytes;
}

function header(magic, sizes) {
  const bytes = Buffer.alloc(4 + 4 * sizes.length);
  [magic, ...sizes].forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
}

mkdirSync(out, { recursive: true });
const sums = {};
for (const [split, perClass] of [
  ['train', 1200],
  ['t10k', 200],
]) {
  const images = read(`${split}-images-idx3-ubyte.gz`).subarray(16);
  const labels = read(`${split}-labels-idx1-ubyte.gz`).subarray(8);
  const counts = new Array(10).fill(0);
  const chosen = [...labels.keys()].filter((index) => counts[labels[index]]++ < perClass);
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
    sums[name] = createHash('sha256').update(bytes).digest('hex');
  }
}
writeFileSync(new URL('sums.json', out), `${JSON.stringify(sums, null, 2)}\n`);
