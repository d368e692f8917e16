/** Sizes and folds that the window remembers, by the name of the part: 'train.inspector'. */
import { settings } from './settings.svelte';

class Layout {
  size(name: string, fallback: number): number {
    return settings.get<number>(`layout.${name}.size`, fallback, Number.isFinite);
  }
  setSize(name: string, size: number): void {
    settings.set(`layout.${name}.size`, Math.round(size));
  }
  isFolded(name: string): boolean {
    return settings.get<boolean>(`layout.${name}.folded`, false);
  }
  fold(name: string, folded: boolean): void {
    settings.set(`layout.${name}.folded`, folded);
  }
}

export const layout = new Layout();
