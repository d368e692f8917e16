/** The energies along the chains as they are drawn: which of the two, and each set in its colour. */
import { coloursFor } from '../../../core/figures/theme';
import type { ChainLines } from '../../plots/chains/geometry';
import { theme } from '../../state/theme.svelte';
import { methodOf } from './facts';
import type { Generator } from './generator.svelte';

export type Quantity = 'E(x,y)' | 'E(x)';

export class Chains {
  /** What was chosen; without classes there is only E(x). */
  wanted = $state<Quantity>('E(x,y)');

  constructor(private readonly generator: Generator) {}

  readonly hasJoint = $derived.by(() => this.generator.lanes.some(({ way }) => way.joint.length > 0));
  readonly quantity = $derived.by((): Quantity => (this.hasJoint ? this.wanted : 'E(x)'));
  /** What tells two sets apart. */
  readonly letters = $derived.by(() => (this.generator.ways.length > 1 ? ['A', 'B'] : [undefined]));
  readonly colours = $derived.by(() =>
    coloursFor(
      this.generator.ways.map(({ model }) => methodOf(model)),
      theme.name,
    ),
  );
  readonly lines = $derived.by(() =>
    this.generator.lanes.map(({ way }, i): ChainLines => ({
      label: `${this.letters[i] ?? ''} ${this.generator.ways[i]?.model ?? ''}`.trim(),
      colour: this.colours[i] ?? '',
      points: this.quantity === 'E(x)' ? way.marginal : way.joint,
    })),
  );
}
