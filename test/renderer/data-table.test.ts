import { screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import DataTable from '../../renderer/components/DataTable.svelte';
import { type Column, sorted } from '../../renderer/components/table';
import { mountWith } from '../../renderer/testing/mount';

interface Run {
  readonly id: string;
  readonly robust: number | undefined;
}
const columns: readonly Column<Run>[] = [
  { id: 'id', title: 'Run', value: (run) => run.id },
  { id: 'robust', title: 'Robust', value: (run) => run.robust, numeric: true, highFirst: true },
];
const rows: readonly Run[] = [
  { id: 'run-10', robust: 0.3 },
  { id: 'run-9', robust: undefined },
  { id: 'run-2', robust: 0.5 },
];
const key = (run: Run) => run.id;
const shown = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell')[0]?.textContent?.trim());

describe('sorted', () => {
  it.each([
    ['id', false, ['run-2', 'run-9', 'run-10']],
    ['id', true, ['run-10', 'run-9', 'run-2']],
    ['robust', false, ['run-10', 'run-2', 'run-9']],
    ['robust', true, ['run-2', 'run-10', 'run-9']],
  ])('by %s, descending %s; missing values last', (column, descending, order) => {
    expect(sorted(rows, columns, { column, descending }).map(key)).toEqual(order);
  });
});

describe('DataTable', () => {
  it('sorts by its headings, from high to low where that is what one wants', async () => {
    const { user } = mountWith(DataTable<Run>, { label: 'Runs', rows, columns, key });
    expect(shown()).toEqual(['run-10', 'run-9', 'run-2']);
    await user.click(screen.getByRole('button', { name: 'Robust' }));
    expect(shown()).toEqual(['run-2', 'run-10', 'run-9']);
    expect(screen.getByRole('columnheader', { name: 'Robust' }).getAttribute('aria-sort')).toBe('descending');
    await user.click(screen.getByRole('button', { name: 'Robust' }));
    expect(shown()).toEqual(['run-10', 'run-2', 'run-9']);
  });

  it('is walked by arrows; the choice follows, Enter opens', async () => {
    const [onselect, onopen] = [vi.fn(), vi.fn()];
    const { user } = mountWith(DataTable<Run>, { label: 'Runs', rows, columns, key, onselect, onopen });
    screen.getAllByRole('row')[1]?.focus();
    await user.keyboard('{ArrowDown}');
    await vi.waitFor(() => expect(document.activeElement).toBe(screen.getAllByRole('row')[2]));
    expect(onselect).toHaveBeenLastCalledWith(['run-9']);
    await user.keyboard('{End}');
    await vi.waitFor(() => expect(document.activeElement).toBe(screen.getAllByRole('row')[3]));
    await user.keyboard('{Enter}');
    expect(onopen).toHaveBeenCalledWith(rows[2]);
    expect(screen.getByRole('row', { selected: true })).toBe(screen.getAllByRole('row')[3]);
  });

  it('chooses several with Space, Control and Shift', async () => {
    const onselect = vi.fn();
    const selection = 'multiple' as const;
    const { user } = mountWith(DataTable<Run>, { label: 'Runs', rows, columns, key, selection, onselect });
    const [, first, , third] = screen.getAllByRole('row');
    first?.focus();
    await user.keyboard(' ');
    await user.keyboard('{Control>}');
    if (third) await user.click(third);
    await user.keyboard('{/Control}');
    expect(onselect).toHaveBeenLastCalledWith(['run-10', 'run-2']);
    if (first) await user.click(first);
    await user.keyboard('{Shift>}');
    if (third) await user.click(third);
    await user.keyboard('{/Shift}');
    expect(onselect).toHaveBeenLastCalledWith(['run-10', 'run-9', 'run-2']);
  });

  it('draws only what is in sight of many rows', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ id: `run-${i}`, robust: i }));
    const { user } = mountWith(DataTable<Run>, { label: 'Runs', rows: many, columns, key });
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('5001');
    expect(screen.getAllByRole('row').length).toBeLessThan(100);
    screen.getAllByRole('row')[1]?.focus();
    await user.keyboard('{End}');
    await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('run-4999'));
  });
});
