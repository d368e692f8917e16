/** Help texts: the list of commands, and one option in words. */
import type { Option } from '../lib/options';
import type { CommandRow } from './commands';

/** What `lowland --help` or `lowland <group> --help` prints. */
export function overview(rows: readonly CommandRow[], group?: string): string {
  const width = Math.max(...rows.map(({ id }) => id.length)) + 2;
  const lines = rows.map(({ id, summary }) => `  ${id.padEnd(width)}${summary}`.trimEnd());
  return [
    `Usage: lowland ${group ? `${group} <command>` : '<command>'} [arguments] [options]`,
    '',
    ...(group ? [] : ['A workbench for the energy of classifiers.', '']),
    'Commands:',
    ...lines,
    '',
    `Start with 'lowland demo'; 'lowland <command> --help' shows arguments, options and examples.`,
    '',
  ].join('\n');
}

/** The option's sentence with its choices, range and default. */
export function optionHelp(option: Option): string {
  const choices = option.kind === 'choice' ? [option.choices.join(', ')] : [];
  const standard = defaultText(option);
  const aside = [...choices, ...(standard ? [`default: ${standard}`] : [])].join('; ');
  return aside ? `${option.help} (${aside})` : option.help;
}

function defaultText(option: Option): string {
  switch (option.kind) {
    case 'flag':
      return '';
    case 'list':
      return option.default.join(',');
    case 'text':
    case 'choice':
      return option.default;
    default:
      return option.unit === 'pixel range 1' ? pixels(option.default) : String(option.default);
  }
}

/** 8/255 rather than 0.03137…, where it is one. */
function pixels(value: number): string {
  const levels = value * 255;
  return value > 0 && Math.abs(levels - Math.round(levels)) < 1e-6 && value < 1
    ? `${Math.round(levels)}/255`
    : String(value);
}
