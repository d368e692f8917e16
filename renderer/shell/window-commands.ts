/** Commands of the window itself: going to a view, palette, theme, help. */
import type { Command } from '../state/commands.svelte';
import { route } from '../state/route.svelte';
import { shell } from '../state/shell.svelte';
import { theme } from '../state/theme.svelte';
import { views } from '../views/registry';

export const windowCommands: readonly Command[] = [
  ...views.map(({ id, title, key }): Command => ({
    id: `view.${id}`,
    title: `Go to ${title}`,
    keys: key,
    group: 'Views',
    run: () => route.open(id),
  })),
  { id: 'window.back', title: 'Go back', keys: 'Alt+ArrowLeft', group: 'Views', run: () => history.back() },
  { id: 'window.forward', title: 'Go forward', keys: 'Alt+ArrowRight', group: 'Views', run: () => history.forward() },
  {
    id: 'window.palette',
    title: 'Find a command',
    keys: 'Mod+K',
    group: 'Window',
    inFields: true,
    hidden: true,
    run: () => (shell.palette = !shell.palette),
  },
  {
    id: 'window.theme',
    title: 'Switch between light and dark',
    keys: 'Shift+D',
    group: 'Window',
    run: () => theme.toggle(),
  },
  {
    id: 'window.theme-system',
    title: 'Follow the system’s theme',
    group: 'Window',
    run: () => (theme.choice = 'system'),
  },
  { id: 'window.shortcuts', title: 'Show shortcuts', keys: '?', group: 'Window', run: () => (shell.shortcuts = true) },
  { id: 'window.tour', title: 'Show the first page', group: 'Window', run: () => (shell.tour = true) },
];
