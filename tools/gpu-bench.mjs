// Packs the bench for a bare Linux machine with an NVIDIA GPU, nothing installed but a driver (and PyTorch to compare with): Node, the
// bench in one file, Dawn, the Vulkan loader. There, `sh FOLDER/run.sh [OUT.json]` unpacks it and prints the results.
//   node tools/gpu-bench.mjs FOLDER   (on Linux x64, with xz; the loader comes from Debian by apt-get download)
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('name the folder to pack into');
const root = new URL('../', import.meta.url).pathname;
const stage = mkdtempSync(join(os.tmpdir(), 'lowland-gpu-'));
/** All of it together, so that it can be carried anywhere. */
const limit = 64 * 2 ** 20;
const loader = ['libvulkan1', 'libegl1', 'libglvnd0', 'libopengl0', 'libgl1', 'libglx0', 'libgles2'];

await build({
  absWorkingDir: root,
  entryPoints: { bench: 'test/bench/main.ts' },
  outdir: join(stage, 'dist'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  external: ['webgpu', '@resvg/resvg-js', '@tensorflow/tfjs-node-gpu/*', '*.node'],
  banner: {
    js: "import { createRequire as nodeRequire } from 'node:module'; import { fileURLToPath as nodePath } from 'node:url'; import { dirname as nodeFolder } from 'node:path'; const require = nodeRequire(import.meta.url), __filename = nodePath(import.meta.url), __dirname = nodeFolder(__filename);",
  },
  logLevel: 'error',
});
cpSync(join(root, 'package.json'), join(stage, 'package.json'));
cpSync(join(root, 'test/bench/pytorch'), join(stage, 'test/bench/pytorch'), {
  recursive: true,
  filter: (file) => !file.includes('__pycache__'),
});
const webgpu = join('node_modules', 'webgpu');
for (const part of ['package.json', 'index.js', `dist/linux-${process.arch}`])
  cpSync(join(root, webgpu, part), join(stage, webgpu, part), { recursive: true });
cpSync(process.execPath, join(stage, 'node'));
mkdirSync(join(stage, 'debs'));
try {
  execFileSync('apt-get', ['download', ...loader], {
    cwd: join(stage, 'debs'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
} catch {
  process.stderr.write('The Vulkan loader could not be downloaded; the machine must have one (libvulkan1).\n');
}
for (const deb of readdirSync(join(stage, 'debs')).filter((name) => name.endsWith('.deb')))
  execFileSync('dpkg-deb', ['-x', join(stage, 'debs', deb), join(stage, 'system')]);
rmSync(join(stage, 'debs'), { recursive: true });

mkdirSync(folder, { recursive: true });
const archive = join(folder, 'bench.tar.xz');
execFileSync('tar', ['-C', stage, '-cJf', archive, '.'], { env: { ...process.env, XZ_OPT: '-6 -T0' } });
rmSync(stage, { recursive: true });
writeFileSync(
  join(folder, 'run.sh'),
  `#!/bin/sh
# Unpacks the bench beside this file and runs it on the GPU, beside PyTorch where there is one with CUDA.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xJf "$here/bench.tar.xz"
if [ -d "$work/system" ]; then
  export LD_LIBRARY_PATH="$(find "$work/system" -name 'lib*.so*' -printf '%h\\n' | sort -u | paste -sd: -)\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
if [ -z "\${VK_DRIVER_FILES:-}" ]; then
  driver=$(find /usr /etc -name 'nvidia_icd*.json' 2>/dev/null | head -n 1)
  if [ -n "$driver" ]; then export VK_DRIVER_FILES="$driver" VK_ICD_FILENAMES="$driver"; fi
fi
export LOWLAND_TORCH_DEVICE="\${LOWLAND_TORCH_DEVICE:-cuda}"
cd "$work"
for mode in \${LOWLAND_TORCH_MODES:-float32 tf32 bfloat16-compile}; do
  LOWLAND_TORCH_MODE=$mode ./node dist/bench.mjs --engines webgpu --precisions float32 --against pytorch --json "$@" > "$work/$mode.json"
  printf '{"pytorch": "%s", "rows": %s}\\n' "$mode" "$(cat "$work/$mode.json")"
done
`,
);
const bytes = statSync(archive).size;
process.stderr.write(`${archive}: ${(bytes / 2 ** 20).toFixed(1)} MiB\n`);
if (bytes > limit) throw new Error(`more than ${limit / 2 ** 20} MiB`);
