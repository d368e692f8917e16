import { screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { type Option, choice, count, distance, flag, list, real, resolve, text } from '../../core/lib/options';
import OptionField from '../../renderer/components/OptionField.svelte';
import OptionForm from '../../renderer/components/OptionForm.svelte';
import { isSame, textOf, unitOf } from '../../renderer/components/option-text';
import { mountWith } from '../../renderer/testing/mount';

const eps = distance('8/255', 'Radius of the ball.');
const steps = count(10, 'Steps of the attack.', { min: 1, max: 100, unit: 'steps' });

describe('an option as text', () => {
  it.each<[string, Option, string, string | undefined]>([
    ['a distance in levels', eps, '8/255', 'pixel range 1 · ≥ 0'],
    ['a distance of no whole level', distance(0.5, ''), '0.5', 'pixel range 1 · ≥ 0'],
    ['half a level', distance('0.5/255', ''), '0.5/255', 'pixel range 1 · ≥ 0'],
    ['a count', steps, '10', 'steps · 1 – 100'],
    ['a count from 0', count(3, ''), '3', undefined],
    ['a share', real(0.9, '', { min: 0, max: 1 }), '0.9', '0 – 1'],
    ['a list', list([30, 60], '', { min: 0 }), '30, 60', '≥ 0'],
    ['a text', text('a', ''), 'a', undefined],
    ['a flag', flag(true, ''), 'on', undefined],
  ])('%s', (_, option, shown, unit) => {
    expect(textOf(option, option.default)).toBe(shown);
    expect(unitOf(option)).toBe(unit);
  });

  it.each([eps, steps, list([1, 2], ''), real(1e-7, '')])('reads back what it wrote: $default', (option) => {
    const back = resolve({ option }, { option: textOf(option, option.default) }, 'test').option;
    expect(isSame(back, option.default)).toBe(true);
  });
});

describe('OptionField', () => {
  it('takes a fraction, keeps it as typed, and lays it out on leaving', async () => {
    const onchange = vi.fn();
    const { user } = mountWith(OptionField, { name: 'eps', option: eps, value: 8 / 255, onchange });
    const field = screen.getByRole('textbox', { name: 'Eps' });
    expect(field).toHaveProperty('value', '8/255');
    await user.clear(field);
    await user.type(field, '4 / 255');
    expect(field).toHaveProperty('value', '4 / 255');
    expect(onchange).toHaveBeenLastCalledWith(4 / 255);
    await user.tab();
    expect(field).toHaveProperty('value', '4/255');
  });

  it('says what is wrong in the sentence of the command line, and keeps the last valid value', async () => {
    const onchange = vi.fn();
    const onproblem = vi.fn();
    const { user } = mountWith(OptionField, { name: 'steps', option: steps, value: 10, onchange, onproblem });
    const field = screen.getByRole('textbox', { name: /Steps/ });
    await user.clear(field);
    await user.type(field, 'ten');
    const sentence = 'steps is "ten"; it must be a whole number from 1 to 100.';
    expect(() => resolve({ steps }, { steps: 'ten' }, 'x', (name) => name)).toThrow(sentence);
    expect(screen.getByRole('alert').textContent).toBe(sentence);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(onproblem).toHaveBeenLastCalledWith(sentence);
    expect(onchange).not.toHaveBeenCalled();
    await user.tab();
    expect(field).toHaveProperty('value', 'ten');
    await user.clear(field);
    await user.type(field, '20');
    expect(onproblem).toHaveBeenLastCalledWith(undefined);
    expect(onchange).toHaveBeenLastCalledWith(20);
  });

  it('marks what differs from the base and goes back to it', async () => {
    const onchange = vi.fn();
    const { user } = mountWith(OptionField, { name: 'steps', option: steps, value: 20, base: 40, onchange });
    expect(screen.getByText(', changed from 40')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Reset Steps to 40' }));
    expect(onchange).toHaveBeenCalledWith(40);
    expect(screen.queryByText(/changed from/)).toBeNull();
  });

  it('steps a count by arrows, inside its bounds', async () => {
    const onchange = vi.fn();
    const { user } = mountWith(OptionField, { name: 'steps', option: steps, value: 99, onchange });
    await user.click(screen.getByRole('textbox'));
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(onchange.mock.calls).toEqual([[100]]);
    await user.keyboard('{Shift>}{ArrowDown}{/Shift}');
    expect(onchange).toHaveBeenLastCalledWith(90);
  });

  it('shows a choice and a flag as what they are', async () => {
    const onchange = vi.fn();
    const norm = choice(['linf', 'l2'], 'linf', 'Norm of the ball.');
    const { user, unmount } = mountWith(OptionField, { name: 'norm', option: norm, value: 'linf', onchange });
    await user.selectOptions(screen.getByRole('combobox', { name: 'Norm' }), 'l2');
    expect(onchange).toHaveBeenCalledWith('l2');
    unmount();
    const option = flag(true, 'Starts at random.');
    mountWith(OptionField, { name: 'randomStart', option, value: true, onchange });
    await user.click(screen.getByRole('switch', { name: 'Random start' }));
    expect(onchange).toHaveBeenLastCalledWith(false);
  });
});

describe('OptionForm', () => {
  it('shows every option with its default, and tells what changed', async () => {
    const onchange = vi.fn();
    const { user } = mountWith(OptionForm, { schema: { eps, steps }, values: { steps: 20 }, onchange });
    expect(screen.getAllByRole('textbox')).toHaveLength(2);
    const field = screen.getByRole('textbox', { name: 'Eps' });
    await user.clear(field);
    await user.type(field, '1/2');
    expect(onchange).toHaveBeenLastCalledWith('eps', 0.5);
  });
});
