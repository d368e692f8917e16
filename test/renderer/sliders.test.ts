import { fireEvent, screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import Slider from '../../renderer/components/Slider.svelte';
import SplitPane from '../../renderer/components/SplitPane.svelte';
import StepSlider from '../../renderer/components/StepSlider.svelte';
import { layout } from '../../renderer/state/layout.svelte';
import { html, mountWith } from '../../renderer/testing/mount';

describe('StepSlider', () => {
  const steps = [0, 250, 500, 1000, 4000];

  it('goes to the step nearest to what was typed', async () => {
    const onchange = vi.fn();
    const { user } = mountWith(StepSlider, { label: 'Images', steps, value: 0, onchange });
    const entry = screen.getByRole('textbox', { name: 'Images, exact step' });
    await user.clear(entry);
    await user.type(entry, '1 200{Enter}');
    expect(onchange).toHaveBeenLastCalledWith(1000);
    expect(entry).toHaveProperty('value', '1\u202f000');
    await user.clear(entry);
    await user.type(entry, 'soon{Enter}');
    expect(entry).toHaveProperty('value', '1\u202f000');
  });

  it('moves over the steps there are, and says the step, not the place', async () => {
    const onchange = vi.fn();
    const { user } = mountWith(StepSlider, { label: 'Images', steps, value: 250, onchange });
    const slider = screen.getByRole('slider', { name: 'Images' });
    await fireEvent.input(slider, { target: { value: '3' } });
    expect(onchange).toHaveBeenLastCalledWith(1000);
    expect(slider.getAttribute('aria-valuetext')).toBe('step 1\u202f000');
    await user.click(screen.getByRole('button', { name: 'Previous step' }));
    expect(onchange).toHaveBeenLastCalledWith(500);
    await user.click(screen.getByRole('button', { name: 'Latest step' }));
    expect(onchange).toHaveBeenLastCalledWith(4000);
    expect(screen.getByRole('button', { name: 'Next step' })).toHaveProperty('disabled', true);
  });

  it('stands still without steps', () => {
    mountWith(StepSlider, { label: 'Images', steps: [], value: 0 });
    expect(screen.getByRole('slider')).toHaveProperty('disabled', true);
  });
});

describe('Slider', () => {
  it('spreads ratios evenly on a logarithmic scale', async () => {
    const onchange = vi.fn();
    mountWith(Slider, { label: 'Noise', value: 0.01, min: 1e-4, max: 1, scale: 'log', unit: 'σ', onchange });
    const slider = screen.getByRole('slider', { name: 'Noise' });
    expect(slider).toHaveProperty('valueAsNumber', 200);
    await fireEvent.input(slider, { target: { value: '300' } });
    expect(onchange).toHaveBeenLastCalledWith(0.1);
  });

  it('takes an exact number beside it, inside its range', async () => {
    const onchange = vi.fn();
    const { user } = mountWith(Slider, { label: 'Noise', value: 0.5, min: 0, max: 1, onchange });
    const entry = screen.getByRole('textbox', { name: 'Noise, exact' });
    await user.clear(entry);
    await user.type(entry, '1/8');
    expect(onchange).toHaveBeenLastCalledWith(0.125);
    await user.clear(entry);
    await user.type(entry, '7');
    expect(screen.getByRole('alert').textContent).toBe('Noise must be a number from 0 to 1.');
    expect(onchange).toHaveBeenLastCalledWith(0.125);
  });
});

describe('SplitPane', () => {
  it('is resized by arrows, folded by Enter, and remembered', async () => {
    const props = {
      label: 'inspector',
      size: 300,
      min: 200,
      max: 500,
      first: html('<p>a</p>'),
      second: html('<p>b</p>'),
    };
    const { user } = mountWith(SplitPane, { name: 'test', ...props });
    const border = screen.getByRole('separator', { name: 'Resize inspector' });
    const size = () => border.getAttribute('aria-valuenow');
    border.focus();
    await user.keyboard('{ArrowLeft}');
    expect(size()).toBe('316');
    await user.keyboard('{Shift>}{ArrowRight}{/Shift}');
    expect(size()).toBe('252');
    await user.keyboard('{End}{ArrowLeft}');
    expect(size()).toBe('500');
    await user.keyboard('{Home}');
    expect([size(), layout.size('test', 0)]).toEqual(['200', 200]);
    await user.keyboard('{Enter}');
    expect(screen.getByText('b').parentElement).toHaveProperty('hidden', true);
    expect(layout.isFolded('test')).toBe(true);
  });
});
