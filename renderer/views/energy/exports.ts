/** What is on the screen as the data of figures, with where it comes from. */
import type { RunRow } from '../../../core/contract/areas/runs';
import { type PlaneLevel, imageKinds } from '../../../core/contract/areas/surface';
import type { ContourPanel, ContourPanels } from '../../../core/figures/contour-panels';
import type { HistogramFigure } from '../../../core/figures/histogram';
import type { LineChart } from '../../../core/figures/line-chart';
import type { Quiver } from '../../../core/figures/quiver';
import { coloursFor, imageColours } from '../../../core/figures/theme';
import { ballOutline } from '../../plots/contours/plane';
import type { FigureExport } from '../../state/exports.svelte';
import type { ModelEnergies } from './distributions.svelte';
import type { Course } from './history.svelte';
import { planeOf, symbols, unitOf } from './question';
import type { EnergyState } from './state.svelte';

/** 'energy-fashion-mnist-mini-7'. */
const nameOf = (...parts: readonly (string | number)[]): string =>
  parts
    .join('-')
    .replace(/[^\w.-]+/g, '-')
    .toLowerCase();

function aboutPlane(scene: EnergyState): Record<string, string> {
  const { question, link } = scene;
  if (!question) return {};
  const { subject: _subject, ...plane } = question;
  return {
    models: scene.chosen.join(', '),
    data: scene.dataset,
    side: scene.side,
    image: scene.fromElsewhere ? (scene.image?.title ?? '') : String(link.index),
    energy: scene.energy,
    ...(link.walk === ''
      ? {}
      : { walk: link.walk, walkOptions: JSON.stringify({ ...scene.usualWalk, ...scene.walkOptions }) }),
    ...Object.fromEntries(Object.entries(plane).map(([key, value]) => [key, String(value)])),
  };
}

/** The ball, the star of a toy and its data points, as the panels show them. */
function marksOf(
  { question, star, toy, toyPoints, opened, link }: EnergyState,
  level: PlaneLevel,
): Partial<ContourPanel> {
  if (!question || !star) return {};
  const ball = ballOutline(level.u, level.v, question.norm, question.eps);
  const column = (of: 'a' | 'b') => Float64Array.from(ball, (point) => point[of] + star[of]);
  const marks = { ball: { a: column('a'), b: column('b') } };
  const found = toyPoints.value;
  if (!toy || !found || !opened) return marks;
  if (link.form === 'solid') return { ...marks, star };
  const colours = coloursFor(opened.classes, 'light');
  const points = opened.classes.map((_, label) => {
    const own = [...found.labels.keys()].filter((i) => found.labels[i] === label);
    const offsets = (k: number) => Float64Array.from(own, (i) => (found.values[2 * i + k] ?? NaN) - 0.5);
    return { a: offsets(0), b: offsets(1), colour: colours[label] ?? '#888888' };
  });
  return { ...marks, star, points };
}

/** 'test image 7 of CIFAR-10', 'generated image 3 of fashion/jeat, seed 0'. */
const aboutImage = ({ image, fromElsewhere, opened, dataset }: EnergyState): string =>
  fromElsewhere ? (image?.title ?? '') : `${image?.title ?? ''} of ${opened?.title ?? dataset}`;

/** Undefined while there is nothing to draw. */
export function landscapeFigure(scene: EnergyState): FigureExport | undefined {
  const drawn = scene.landscape.panels.flatMap(({ model, level, stale }) =>
    level && !stale ? [{ model, level, plane: planeOf(level, scene.energy) }] : [],
  );
  const [first] = drawn;
  if (!first || !scene.question) return undefined;
  const { star, toy } = scene;
  const panels = drawn.map(({ model, level, plane }): ContourPanel => {
    const walk = scene.walks.found.get(model);
    const moved = (offsets: Float32Array, by: number) => offsets.subarray(0, scene.step + 1).map((each) => each + by);
    const [a, b] = toy && star ? [star.a, star.b] : [0, 0];
    return {
      title: scene.title(model),
      method: scene.method(model),
      grid: plane.grid,
      n: plane.n,
      ...marksOf(scene, level),
      ...(walk ? { paths: [{ label: '', a: moved(walk.a, a), b: moved(walk.b, b) }] } : {}),
    };
  });
  const symbol = symbols[scene.energy];
  const plain = drawn.some(({ level }) => !level.offset);
  const provenance = aboutPlane(scene);
  const subtitle = toy
    ? 'Over the square of the data.'
    : scene.link.directions === 'adversarial'
      ? 'u: each model’s own attack on E(x,y); v: random.'
      : 'Two random directions, the same for all models.';
  const data: ContourPanels = {
    title: toy
      ? `${symbol} of ${scene.opened?.title ?? scene.dataset}${scene.energy === 'joint' ? `, ${scene.className}` : ''}`
      : `${symbol} round ${aboutImage(scene)} (${scene.className})`,
    subtitle: scene.way ? `${subtitle} Walk: ${scene.way.entry.title}.` : subtitle,
    panels,
    extent: first.plane.extent,
    unit: unitOf(scene.link.norm, toy),
    shared: true,
    quantity: plain ? symbol : `${symbol} minus the mean over clean images`,
    provenance,
  };
  const name = nameOf('energy', scene.dataset, scene.fromElsewhere ? 'generated' : scene.link.index);
  return scene.link.form === 'solid' && scene.flatBecause === ''
    ? { figure: 'surface-3d', data: { ...data, ...scene.view }, name: `${name}-3d`, provenance }
    : { figure: 'contour-panels', data, name, provenance };
}

/** An arrow for each image that was measured both clean and attacked. */
export function arrowsOf({ kinds: { clean, adversarial } }: ModelEnergies): Quiver['arrows'] {
  const n = Math.min(clean?.done ?? 0, adversarial?.done ?? 0);
  const at = (kind: typeof clean, i: number) => ({ joint: kind?.joint[i] ?? NaN, marginal: kind?.marginal[i] ?? NaN });
  return Array.from({ length: n }, (_, i) => ({ from: at(clean, i), to: at(adversarial, i) }));
}

const aboutEnergies = (scene: EnergyState, model: string): Record<string, string> => {
  const { question } = scene.distributions;
  return {
    model,
    data: question?.dataset ?? '',
    side: question?.side ?? '',
    images: String(question?.images ?? 0),
    attack: question?.attack ?? '',
    options: JSON.stringify(question?.options ?? {}),
    seed: String(question?.seed ?? 0),
  };
};

export function histogramOf(scene: EnergyState, { model, kinds }: ModelEnergies): FigureExport {
  const symbol = symbols[scene.energy];
  const provenance = aboutEnergies(scene, model);
  const data: HistogramFigure = {
    title: `${symbol} of ${scene.title(model)}`,
    subtitle: `${provenance.images} ${provenance.side} images of ${provenance.data}; attack ${provenance.attack}; generated from noise.`,
    xLabel: `${symbol}, nats`,
    series: imageKinds.flatMap((kind) => {
      const found = kinds[kind];
      return found ? [{ label: kind, values: found[scene.energy], colour: imageColours[kind] }] : [];
    }),
    provenance,
  };
  return { figure: 'histogram', data, name: nameOf('energies', scene.title(model), scene.energy), provenance };
}

export function quiverOf(scene: EnergyState, model: ModelEnergies): FigureExport {
  const provenance = aboutEnergies(scene, model.model);
  const data: Quiver = {
    title: `Energies of ${scene.title(model.model)} under attack`,
    subtitle: `${provenance.images} ${provenance.side} images of ${provenance.data}; attack ${provenance.attack}.`,
    arrows: arrowsOf(model),
    provenance,
  };
  return { figure: 'quiver', data, name: nameOf('energy-plane', scene.title(model.model)), provenance };
}

/** ΔE on the left axis, robust error on the right. */
export function courseChart({ epochs, evaluations }: Course, run: string, row: RunRow | undefined): LineChart {
  const known = Number.isFinite(epochs);
  const x = evaluations.map(({ step }) => (known ? step * epochs : step));
  return {
    title: `Energy and robustness of ${run}`,
    ...(row?.dataset ? { subtitle: [row.dataset, row.objective].filter(Boolean).join(', ') } : {}),
    xLabel: known ? 'epoch' : 'step',
    yLabel: 'ΔE = mean E(x) − E(x~), nats',
    rightLabel: 'error',
    series: [
      { label: 'ΔE', x, y: evaluations.map(({ deltaEnergy }) => deltaEnergy), colour: '#0072b2', points: true },
      {
        label: 'robust error',
        x,
        y: evaluations.map(({ robustError }) => robustError),
        colour: '#d55e00',
        points: true,
        right: true,
      },
      {
        label: 'clean error',
        x,
        y: evaluations.map(({ cleanError }) => cleanError),
        colour: '#56b4e9',
        points: true,
        right: true,
        dashed: true,
      },
    ],
    provenance: { run },
  };
}

export const courseFigure = (course: Course, run: string, row: RunRow | undefined): FigureExport => ({
  figure: 'line-chart',
  data: courseChart(course, run, row),
  name: nameOf('delta-energy', run),
  provenance: { run },
});
