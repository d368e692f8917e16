/** A horizontal mirror image, by chance. */
import { uniforms } from '../../lib/philox';
import { real } from '../../lib/options';
import { defineTransform } from './transform';

export const flip = defineTransform({
  id: 'flip',
  title: 'Horizontal flip',
  summary: 'Mirrors left and right, with the given probability.',
  reference: 'arXiv 1605.07146',
  options: { probability: real(0.5, 'Share of the images that are mirrored.', { min: 0, max: 1 }) },
  apply({ x, y, size }, [height, width, channels], { probability }, at) {
    const chance = uniforms(at, size);
    const out = x.slice();
    const row = width * channels;
    for (let n = 0; n < size; n++) {
      if ((chance[n] ?? 1) >= probability) continue;
      for (let start = n * height * row; start < (n + 1) * height * row; start += row)
        for (let j = 0; j < width; j++)
          for (let c = 0; c < channels; c++)
            out[start + j * channels + c] = x[start + (width - 1 - j) * channels + c] ?? 0;
    }
    return { x: out, y, size };
  },
});
