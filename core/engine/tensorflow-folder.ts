/** Where libtensorflow and its compiled binding lie: one folder for each build under the user's data folder, made by `lowland setup`. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { dataFolder } from '../lib/paths';

/** A build on disk: `<folder>/tensorflow` holds the libraries and the binding, `<folder>/nvidia` what the GPU build needs. */
export interface TensorflowBuild {
  readonly folder: string;
  readonly binding: string;
  /** An addon that keeps stderr quiet while the library loads. */
  readonly mute: string;
  /** As the folder's name says: '2.21.0'. */
  readonly version: string;
  /** Built for CUDA. */
  readonly gpu: boolean;
}

export const enginesFolder = (): string => path.join(dataFolder(), 'engines');

export const buildName = (version: string, gpu: boolean): string => `tensorflow-${version}${gpu ? '-gpu' : ''}`;

/** What a build is called while a newer one of the same name takes its place; it still works. */
export const replaced = '.replaced-';

/** A build's parts, whether or not they are there yet. */
export function buildIn(folder: string): TensorflowBuild {
  const [, version = 'unknown', gpu] = /^tensorflow-(\d+\.\d+\.\d+)(-gpu)?/.exec(path.basename(folder)) ?? [];
  const part = (name: string): string => path.join(folder, 'tensorflow', name);
  return { folder, version, gpu: gpu !== undefined, binding: part('tfjs_binding.node'), mute: part('mute.node') };
}

export const isComplete = ({ binding, mute }: TensorflowBuild): boolean => existsSync(binding) && existsSync(mute);

/** Complete builds, the one to prefer first: LOWLAND_TENSORFLOW's folder alone if it is set, else CUDA, then the newest. */
export function findBuilds(root: string = enginesFolder()): TensorflowBuild[] {
  const chosen = process.env.LOWLAND_TENSORFLOW;
  const folders = chosen ? [path.resolve(chosen)] : namedFolders(root);
  return folders.map(buildIn).filter(isComplete);
}

function namedFolders(root: string): string[] {
  const names = existsSync(root) ? readdirSync(root) : [];
  return names
    .filter((name) => /^tensorflow-\d+\.\d+\.\d+(-gpu)?(\.replaced-\d+)?$/.test(name))
    .sort((a, b) => rank(b) - rank(a) || b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => path.join(root, name));
}

const rank = (name: string): number => (name.includes('-gpu') ? 2 : 0) + (name.includes(replaced) ? 0 : 1);
