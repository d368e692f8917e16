/** A crop of the image's own size out of the image with reflected borders, the usual augmentation of CIFAR. */
import { integers } from '../../lib/philox';
import { count } from '../../lib/options';
import { defineTransform, tooSmall } from './transform';

/** Mirrors an index about the first and last place, which are not repeated: -1 is 1. */
const reflect = (i: number, size: number): number => (i < 0 ? -i : i < size ? i : 2 * (size - 1) - i);

export const crop = defineTransform({
  id: 'crop',
  title: 'Reflect-pad crop',
  summary: 'Moves the image by up to `pad` pixels each way; what comes in at a border is the image mirrored there.',
  reference: 'arXiv 1605.07146',
  options: {
    pad: count(0, 'Pixels of padding; 0 takes 4 for images of 32 pixels and more, 2 for smaller ones.', {
      max: 64,
      unit: 'pixels',
    }),
  },
  apply({ x, y, size }, shape, { pad: asked }, at) {
    const [height, width, channels] = shape;
    const pad = asked || (height >= 32 ? 4 : 2);
    if (pad >= height || pad >= width) throw tooSmall('crop', `with a padding of ${pad}`, shape);
    const shifts = integers(at, 2 * size, 2 * pad + 1);
    const row = width * channels;
    const out = new Float32Array(x.length);
    for (let n = 0; n < size; n++) {
      const down = (shifts[2 * n] ?? 0) - pad;
      const right = (shifts[2 * n + 1] ?? 0) - pad;
      for (let i = 0; i < height; i++) {
        const from = (n * height + reflect(i + down, height)) * row;
        const to = (n * height + i) * row;
        for (let j = 0; j < width; j++) {
          const source = from + reflect(j + right, width) * channels;
          for (let c = 0; c < channels; c++) out[to + j * channels + c] = x[source + c] ?? 0;
        }
      }
    }
    return { x: out, y, size };
  },
});
