/** Keys as text: 'Mod+K', 'Shift+ArrowLeft', '?'. Mod is Command on a Mac and Control elsewhere. */

const mac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Whether this key press is the one that `keys` names. A digit or a sign such as '?' is matched as typed, whatever Shift it took. */
export function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+');
  const key = parts.pop() || '+';
  const mod = parts.includes('Mod');
  if ((mac ? event.metaKey : event.ctrlKey) !== mod || (mac ? event.ctrlKey : event.metaKey)) return false;
  if (event.altKey !== parts.includes('Alt')) return false;
  const sign = key.length === 1 && !/[a-z]/i.test(key);
  if (!sign && event.shiftKey !== parts.includes('Shift')) return false;
  return event.key.toLowerCase() === (key === 'Space' ? ' ' : key.toLowerCase());
}

const names: Readonly<Record<string, string>> = {
  Mod: mac ? '⌘' : 'Ctrl',
  Alt: mac ? '⌥' : 'Alt',
  Shift: '⇧',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Enter: '↵',
  Escape: 'Esc',
};

/** The caps to print for `keys`, one each. */
export const caps = (keys: string): string[] => keys.split('+').map((part) => names[part] ?? (part || '+'));

const arrows = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);
const takesText =
  'input:not([type=checkbox],[type=radio],[type=range],[type=button]),textarea,select,[contenteditable=true]';
const takesArrows = 'input,[role=slider],[role=separator],[role=grid],[role=menu],[role=listbox],[role=application]';
const takesSpace = 'button,a[href],summary,input,tr,[role=separator]';

/** Whether the focused element needs this key itself: text in a field, arrows in a slider, Space and Enter on a button. */
export function isTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof Element)) return false;
  if (target.closest(takesText)) return true;
  if (arrows.has(event.key)) return target.closest(takesArrows) !== null;
  return (event.key === ' ' || event.key === 'Enter') && target.closest(takesSpace) !== null;
}
