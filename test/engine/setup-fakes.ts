/** Stand-ins for python3 with pip and for g++, as programs on a PATH of their own, so that a set-up runs in milliseconds. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Examination } from '../../core/engine/doctor';
import type { SetupRequest } from '../../core/engine/setup';
import type { Wheel } from '../../core/engine/setup-wheels';
import { silent } from '../../core/lib/progress';

export const wheelBytes = 'a wheel';

export const wheel: Wheel = {
  package: 'tensorflow-cpu',
  version: '2.21.0',
  platform: 'manylinux_2_27_x86_64',
  sha256: createHash('sha256').update(wheelBytes).digest('hex'),
  bytes: wheelBytes.length,
  gpu: false,
  libraries: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
  linkFlags: [],
};

const python = `
const fs = require('node:fs');
const args = process.argv.slice(2);
if (args[0] === '-m' && process.env.FAKE_PIP === 'missing') process.exit(1);
if (args[2] === 'download') {
  fs.appendFileSync(process.env.FAKE_LOG, 'download\\n');
  if (process.env.FAKE_PIP === 'hangs') return setInterval(() => {}, 1000);
  if (process.env.FAKE_PIP === 'offline') { console.error('no route to the index'); process.exit(1); }
  fs.writeFileSync(args[args.indexOf('-d') + 1] + '/tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl', process.env.FAKE_WHEEL ?? '${wheelBytes}');
}
if (args[0] === '-c') fs.mkdirSync(args[3] + '/tensorflow/include', { recursive: true });
`;

const compiler = `
const fs = require('node:fs');
const args = process.argv.slice(2);
if (!args.includes('-o')) process.exit(0);
if (process.env.FAKE_COMPILER === 'broken') { console.error('x.cc:1: error: no such thing'); process.exit(1); }
fs.writeFileSync(args[args.indexOf('-o') + 1], process.env.FAKE_BUILD ?? 'built');
`;

const programs = { python3: python, 'g++': compiler };

/** A data folder and a PATH for one test, through the environment. */
export class Workshop {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'lowland-setup-'));
  readonly engines = path.join(this.root, 'data', 'engines');
  readonly place = path.join(this.engines, 'tensorflow-2.21.0');
  private readonly before = { ...process.env };

  constructor() {
    mkdirSync(path.join(this.root, 'bin'));
    for (const [name, source] of Object.entries(programs)) {
      writeFileSync(this.program(name), `#!${process.execPath}\n${source}`);
      chmodSync(this.program(name), 0o755);
    }
    process.env.PATH = path.join(this.root, 'bin');
    process.env.LOWLAND_DATA = path.join(this.root, 'data');
    process.env.FAKE_LOG = path.join(this.root, 'log');
  }

  program(name: string): string {
    return path.join(this.root, 'bin', name);
  }

  downloads(): number {
    const log = process.env.FAKE_LOG ?? '';
    return existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
  }

  /** What the build in place holds: the text that the fake compiler wrote. */
  built(folder = this.place): string | undefined {
    const binding = path.join(folder, 'tensorflow', 'tfjs_binding.node');
    return existsSync(binding) ? readFileSync(binding, 'utf8') : undefined;
  }

  /** A complete build of an earlier day. */
  plant(folder = this.place): void {
    mkdirSync(path.join(folder, 'tensorflow'), { recursive: true });
    for (const name of ['tfjs_binding.node', 'mute.node']) writeFileSync(path.join(folder, 'tensorflow', name), 'old');
  }

  close(): void {
    for (const name of Object.keys(process.env)) if (!(name in this.before)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, this.before);
    rmSync(this.root, { recursive: true, force: true });
  }
}

export const works: Examination = {
  id: 'tensorflow',
  works: true,
  info: {
    id: 'tensorflow',
    device: 'AMD EPYC',
    version: '2',
    threads: 1,
    parts: 1,
    capabilities: { secondOrder: true, precisions: ['float32' as const] },
  },
};

export const request = (more: Partial<SetupRequest> = {}): SetupRequest => ({
  gpu: false,
  force: false,
  progress: silent,
  wheel,
  attempt: async () => works,
  ...more,
});
