/** Datasets that can be worked with at once. */
import type { ListedDataset } from '../../../core/contract/areas/datasets';

export const isHere = ({ state }: Pick<ListedDataset, 'state'>): boolean =>
  state !== 'not added' && state !== 'unreadable';
