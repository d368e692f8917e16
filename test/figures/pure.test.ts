import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/lib/paths';

/** What a window loads; a bundle for browsers refuses every module of Node. */
const loaded = ['registry', 'export-presets', 'figure-file', 'apng', 'zip', 'svg-output', 'smooth', 'png-text'];

test('the figures that a window draws need neither Node nor an engine', async () => {
  const { metafile } = await build({
    absWorkingDir: packageRoot,
    entryPoints: loaded.map((name) => `core/figures/${name}.ts`),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    outdir: 'unused',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter((file) => /@tensorflow|pdfkit|resvg|gifenc|fonts\.ts/.test(file))).toEqual([]);
});
