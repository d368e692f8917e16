/** The commands that list, show and import models. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandContext, CommandEntry, CommandResult } from '../../core/cli/command';
import { importCommand } from '../../core/cli/import';
import { modelsCommands } from '../../core/cli/models';
import { resolve } from '../../core/lib/options';
import { silent } from '../../core/lib/progress';
import { buildModel, modelRegistry } from '../../core/models/registry';
import { encodeSafetensors } from '../../core/models/safetensors';
import { formulaTensors } from './reference';

let dataFolder: string;
let file: string;
const mlp = buildModel('mlp', { width: 3, depth: 2 }, [1, 1, 2], 2);
beforeAll(async () => {
  dataFolder = await mkdtemp(path.join(os.tmpdir(), 'commands-'));
  file = path.join(dataFolder, 'given.safetensors');
  await writeFile(file, encodeSafetensors(formulaTensors(mlp)));
});
afterAll(() => rm(dataFolder, { recursive: true }));

function run(
  id: string,
  args: readonly string[],
  options: Record<string, unknown> = {},
  set: Record<string, string> = {},
): Promise<CommandResult> {
  const commands: readonly CommandEntry[] = [importCommand, ...modelsCommands];
  const entry = commands.find((command) => command.id === id);
  if (!entry) throw new Error(`no command ${id}`);
  const context: CommandContext = {
    seed: 0,
    engine: undefined,
    out: undefined,
    dataFolder,
    set,
    signal: new AbortController().signal,
    progress: silent,
  };
  return entry.run(args, resolve(entry.options, options, id), context);
}

it('imports, lists and shows a model', async () => {
  await run('import', [file], { name: 'mine', arch: 'mlp', data: 'toy-moons' }, { width: '3', depth: '2' });
  const listed = await run('models list', []);
  expect(listed.text).toMatch(/^mine +imported +toy-moons +29 /m);
  for (const id of modelRegistry.ids) expect(listed.text).toContain(`${id} `);
  const shown = await run('models show', ['mine']);
  expect(shown.json).toMatchObject({
    name: 'mine',
    inputShape: [1, 1, 2],
    card: { architecture: 'mlp', parameters: 29 },
  });
  expect(shown.text).toMatch(/^fc2\.weight +3 x 3 +yes$/m);
});

it.each([
  ['no name', { arch: 'mlp', data: 'toy-moons' }, {}, 'USAGE', '--name'],
  ['no dataset', { name: 'a', arch: 'mlp' }, {}, 'USAGE', '--data'],
  ['options without an architecture', { name: 'a' }, { width: '3' }, 'USAGE', '--arch'],
  ['an unknown architecture', { name: 'a', arch: 'mpl', data: 'toy-moons' }, {}, 'UNKNOWN_NAME', "'mlp'"],
  ['an unknown option', { name: 'a', arch: 'mlp', data: 'toy-moons' }, { widht: '3' }, 'BAD_OPTION', "'width'"],
  ['a file that does not fit', { name: 'a', arch: 'mlp', data: 'toy-moons' }, {}, 'BAD_WEIGHTS', 'fc4'],
])('import with %s says so', async (_, options, set, code, said) => {
  const error = await run('import', [file], options, set).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  expect(`${(error as Error).message} ${String((error as { hint?: string }).hint)}`).toContain(said);
});
