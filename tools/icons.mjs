// Draws the icon: isolines of the free energy of three classes on paper, with a dot where it is lowest. Writes assets/icons/icon.svg,
// icon-small.svg (fewer, thicker lines, for up to 48 pixels), <size>x<size>.png, from which electron-builder makes .ico and .icns, and
// the window's own renderer/icon.svg: node tools/icons.mjs
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { contours } from 'd3-contour';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const paper = '#fbfbf9';
const edge = '#b3b9ae';
const accent = '#d55e00';
const side = 1024;
const samples = 240;
/** Lines run off the paper, so the energy is known a little beyond it. */
const beyond = 0.1;

/** E(x) = -log sum_y exp(-E(x,y)), where E(x,y) is a bowl about the centre of class y. */
const classes = [
  { at: [0.36, 0.6], weight: 1, variance: 0.03 },
  { at: [0.72, 0.36], weight: 0.62, variance: 0.022 },
  { at: [0.8, 0.8], weight: 0.34, variance: 0.016 },
];
const energy = (x, y) =>
  -Math.log(
    classes.reduce(
      (sum, { at, weight, variance }) =>
        sum + weight * Math.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * variance)),
      1e-9,
    ),
  );
const place = (at) => (1 + 2 * beyond) * (at / samples) - beyond;
const heights = Array.from(
  { length: samples ** 2 },
  (_, i) => -energy(place((i % samples) + 0.5), place(Math.floor(i / samples) + 0.5)),
);

const isoline = (level) =>
  contours()
    .size([samples, samples])
    .contour(heights, -level)
    .coordinates.flat()
    .map((ring) => {
      const points = ring.slice(0, -1).filter((_, i) => i % 3 === 0);
      return `M${points.map((point) => point.map((at) => Math.round(side * place(at))).join(' ')).join('L')}Z`;
    })
    .join('');

/** `lines`: [energy, width, colour], the highest first; `inset`: what is left free about the paper. */
function draw({ lines, dot, inset }) {
  const paperAt = (by, radius) =>
    `x="${inset + by}" y="${inset + by}" width="${side - 2 * (inset + by)}" height="${side - 2 * (inset + by)}" rx="${radius - by}"`;
  const [x, y] = classes[0].at.map((at) => Math.round(side * at));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" fill="none">
  <clipPath id="paper"><rect ${paperAt(0, 200)} /></clipPath>
  <g clip-path="url(#paper)" stroke-linejoin="round">
    <rect width="${side}" height="${side}" fill="${paper}" />
${lines.map(([level, width, colour]) => `    <path d="${isoline(level)}" stroke="${colour}" stroke-width="${width}" />`).join('\n')}
    <circle cx="${x}" cy="${y}" r="${dot}" fill="${accent}" />
  </g>
  <rect ${paperAt(6, 200)} stroke="${edge}" stroke-width="12" />
</svg>
`;
}

const large = draw({
  inset: 48,
  dot: 58,
  lines: [
    [4.2, 18, '#c9d2cb'],
    [3, 20, '#a9bab0'],
    [2, 22, '#84a095'],
    [1.25, 24, '#5f877a'],
    [0.7, 26, '#3b6f60'],
    [0.26, 28, '#17594a'],
  ],
});
const small = draw({
  inset: 8,
  dot: 104,
  lines: [
    [2.2, 52, '#84a095'],
    [0.85, 68, '#17594a'],
  ],
});

const folder = new URL('../assets/icons/', import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(new URL('icon.svg', folder), large);
await writeFile(new URL('icon-small.svg', folder), small);
await writeFile(new URL('../renderer/icon.svg', import.meta.url), small);
await initWasm(await readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
  const picture = new Resvg(size > 48 ? large : small, { fitTo: { mode: 'width', value: size } }).render();
  await writeFile(new URL(`${size}x${size}.png`, folder), picture.asPng());
}
