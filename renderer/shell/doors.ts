/** The three ways in on the first run. What they do comes from the App. */
import type { Icon } from '../components/icon';

export interface Door {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly icon: Icon;
  readonly run: () => void;
}

export const callouts: readonly { readonly view: string; readonly text: string }[] = [
  {
    view: 'datasets',
    text: 'See every image of a dataset at once. Choose one: its energies and probabilities stand beside it.',
  },
  { view: 'train', text: 'Start a run from a preset and watch its energies, accuracies and images as they change.' },
  { view: 'generate', text: 'Walk down the energy from noise: images appear, and their chains are drawn below.' },
  { view: 'energy', text: 'The landscape around an image, for several models on one colour scale.' },
  { view: 'attack', text: 'How much accuracy remains under attack, as a table and as a curve over eps.' },
  { view: 'models', text: 'Every model with the numbers that decide, side by side.' },
];
