/** The rewrites between what was recorded and what runs, in order. */
import type { CompileOptions } from '../../engine';
import type { Graph } from '../graph';
import { asWritten } from './as-written';
import { inBfloat16 } from './bfloat16';
import { convolutionBias } from './bias';
import { fuseLeakyReluGradient } from './leaky-relu';
import { withoutDead, withoutDuplicates } from './prune';

/** In float32 none of them changes a bit of the results, and TensorFlow's own do not either. */
export function optimised(graph: Graph, { precision }: CompileOptions): Graph {
  const plain = withoutDead(fuseLeakyReluGradient(convolutionBias(withoutDuplicates(withoutDead(graph)))));
  if (precision === 'bfloat16') return inBfloat16(plain);
  return asWritten(precision === 'points-bfloat16' ? inBfloat16(plain, 'points') : plain);
}
