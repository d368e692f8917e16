/** The charts of the view as figures for the export sheet, from the same data as on the screen. */
import { coloursFor } from '../../../core/figures/theme';
import { meanOf } from '../../plots/chains/geometry';
import { imageOf, valuesOf } from '../../plots/grid/batch';
import type { FigureExport } from '../../state/exports.svelte';
import { methodOf, shortName } from './facts';
import type { Generator } from './generator.svelte';
import type { Lane } from './lane.svelte';
import type { Provenance, Scene } from './scene';
import { spread } from './trajectory';
import { provenanceOf } from './words';

/** Images of a filmstrip. */
const stripImages = 10;

/** Energies along the chains: means, with bands that hold all of them. */
export function chartOf({ lanes, ways, shared }: Generator, scene: Scene, quantity: 'E(x)' | 'E(x,y)'): FigureExport {
  const { name, provenance } = scene;
  const colours = coloursFor(
    ways.map(({ model }) => methodOf(model)),
    'light',
  );
  const series = lanes.map(({ way }, i) => {
    const points = quantity === 'E(x)' ? way.marginal : way.joint;
    const model = shortName(ways[i]?.model ?? '');
    return {
      label: ways.length > 1 ? `${'AB'[i]} · ${model}` : model,
      colour: colours[i] ?? '',
      x: points.map(({ step }) => step),
      y: points.map(({ values }) => meanOf(values)),
      low: points.map(({ values }) => Math.min(...values)),
      high: points.map(({ values }) => Math.max(...values)),
    };
  });
  const data = {
    title: `${quantity} along the chains`,
    subtitle: `${shared.n} chains, seed ${shared.seed}`,
    xLabel: 'step',
    yLabel: `${quantity}, nats`,
    caption: 'Lines are means, bands hold all chains.',
    series,
    provenance,
  };
  return { figure: 'line-chart', data, name: `energy-${name}`, provenance };
}

/** The way of one image: some of its frames with their energies. */
export function stripOf(lane: Lane, image: number, more: Provenance): FigureExport | undefined {
  const [session, made] = [lane.session, lane.made()];
  if (!session || !made) return undefined;
  const { shape, classes, labels } = session;
  const label = classes[labels[image] ?? 0] ?? '';
  const frames = spread(lane.way.frames.length, stripImages).flatMap((at) => lane.way.frames[at] ?? []);
  const images = new Float32Array(frames.length * valuesOf(shape));
  frames.forEach((frame, i) => images.set(imageOf(frame.images, shape, image), i * valuesOf(shape)));
  const provenance = provenanceOf(made, { ...more, image: String(image + 1), label });
  const data = {
    title: `The way of image ${image + 1}, ${label}`,
    subtitle: `${made.way.model}, seed ${made.shared.seed}`,
    images: images.map((value) => value / 255),
    shape,
    steps: frames.map(({ step }) => step),
    energies: frames.map(({ joint, marginal }) => (joint ?? marginal)[image] ?? NaN),
    quantity: frames[0]?.joint ? 'E(x,y)' : 'E(x)',
    provenance,
  };
  const name = `way-${made.way.model.replaceAll('/', '-')}-seed${made.shared.seed}-image${image + 1}`;
  return { figure: 'filmstrip', data, name, provenance };
}
