import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { kebab, parseCommand } from '../../core/cli/args';
import { commandTable } from '../../core/cli/commands';
import { globalFlags } from '../../core/cli/globals';
import { packageRoot } from '../../core/lib/paths';

const reserved = new Set(['help', ...globalFlags.map(({ flags }) => flags.split(' ')[0]?.slice(2))]);

test('no command stands twice in the table', () => {
  const ids = commandTable.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

test.each(commandTable.map((row) => [row.id, row] as const))(
  '%s is what the table says, and documents itself',
  async (id, row) => {
    const entry = await row.load();
    expect(entry.id).toBe(id);
    expect(entry.summary).toBe(row.summary);
    expect(entry.examples.length).toBeGreaterThan(0);
    for (const example of entry.examples) expect(example).toMatch(new RegExp(`^(npx )?lowland ${id}( |$)`));
    for (const [name, option] of Object.entries(entry.options)) {
      expect(reserved).not.toContain(kebab(name));
      expect(option.help).toMatch(/\.$/);
    }
    expect(parseCommand(entry, ['--help'])).toHaveProperty('help');
    for (const example of entry.examples) {
      const words = example
        .replace(/^(npx )?lowland /, '')
        .split(' ')
        .slice(id.split(' ').length);
      expect(() =>
        parseCommand(
          entry,
          words.map((word) => word.replace(/^'(.*)'$/, '$1')),
        ),
      ).not.toThrow();
    }
  },
);

test('neither the frame nor any command file loads an engine before a command runs', async () => {
  const { metafile } = await build({
    absWorkingDir: packageRoot,
    entryPoints: ['core/cli/main.ts'],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outdir: 'unused',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const commands =
    metafile.inputs['core/cli/commands.ts']?.imports.filter(({ kind }) => kind === 'dynamic-import') ?? [];
  expect(commands.length).toBeGreaterThan(0);
  const seen = new Set(['core/cli/main.ts', ...commands.map((each) => each.path)]);
  for (const file of seen)
    for (const { kind, path } of metafile.inputs[file]?.imports ?? [])
      if (kind === 'import-statement') {
        expect(path, `${file} imports it`).not.toMatch(/^@tensorflow\//);
        seen.add(path);
      }
});
