/** What a page may ask of the shell: names are never paths, everything has a bound, nothing more is let in. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type CallName, calls } from '../../electron/calls';

const bytes = new Uint8Array([1]);
const command = { id: 'a', title: 'A', group: 'G', keys: '' };
const takes = (name: CallName, ...given: unknown[]) => v.safeParse(calls[name] as v.GenericSchema, given).success;

describe('calls of the shell', () => {
  it.each<[CallName, ...unknown[]]>([
    ['save', 'energy cifar10 – 7.svg', bytes, 'image/svg+xml'],
    ['open', { title: 'Open weights', extensions: ['pt', 'safetensors'], multiple: true }],
    ['open', { title: 'Any file' }],
    ['copyImage', bytes],
    ['startDrag', 'image.png', bytes],
    ['setProgress', 0.5],
    ['setProgress', null],
    ['setBusy', true],
    ['setCommands', [command]],
    ['ready'],
  ])('%s takes %j', (name, ...given) => expect(takes(name, ...given)).toBe(true));

  it.each<[CallName, ...unknown[]]>([
    ['save', '../escape.svg', bytes, 'image/svg+xml'],
    ['save', '/etc/passwd', bytes, ''],
    ['save', 'C:\\windows.ini', bytes, ''],
    ['save', 'a\0b', bytes, ''],
    ['save', '..', bytes, ''],
    ['save', '', bytes, ''],
    ['save', 'a.svg', 'text', ''],
    ['save', 'x'.repeat(201), bytes, ''],
    ['save', 'a.svg', bytes],
    ['save', 'a.svg', bytes, '', 'more'],
    ['open', { title: 'x', extensions: ['*'] }],
    ['open', { title: 'x', properties: ['openDirectory'] }],
    ['startDrag', 'a/b.png', bytes],
    ['copyImage', [1, 2, 3]],
    ['setProgress', 2],
    ['setProgress', Number.NaN],
    ['openFolder', 7],
    ['setCommands', [{ ...command, click: 'x' }]],
    ['ready', 'now'],
  ])('%s refuses %j', (name, ...given) => expect(takes(name, ...given)).toBe(false));

  it('setCommands refuses more than a menu can hold', () => {
    const many = (length: number) => Array.from({ length }, () => command);
    expect([takes('setCommands', many(500)), takes('setCommands', many(501))]).toEqual([true, false]);
  });
});
