import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import Gallery from '../../renderer/testing/Gallery.svelte';
import { mountWith } from '../../renderer/testing/mount';
import { toasts } from '../../renderer/state/toasts.svelte';

describe('accessibility', () => {
  it('axe finds nothing serious in any component', async () => {
    toasts.undo('Run deleted', () => undefined);
    const { container } = mountWith(Gallery, {});
    // Colours are judged in a browser: jsdom lays nothing out.
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
