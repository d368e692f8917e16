/** What runs, their states and their pictures are called. */
import type { RunRow } from '../../../core/contract/areas/runs';

export type RowState = RunRow['state'] | 'paused' | 'queued';

export const stateWords: Readonly<Record<RowState, string>> = {
  running: 'running',
  paused: 'paused',
  queued: 'queued',
  done: 'done',
  stopped: 'stopped',
  failed: 'failed',
  interrupted: 'interrupted',
  unreadable: 'unreadable',
};

const pictures: Readonly<Record<string, { title: string; text: string }>> = {
  samples: { title: 'Samples', text: 'Uniform noise walked down E(x,y), one class a row.' },
  buffer: { title: 'Replay buffer', text: 'Where the chains of the sampler stand.' },
  adversarial: {
    title: 'Adversarial examples',
    text: 'Eight validation images, and below them the same under the PGD attack that measures robust accuracy.',
  },
};

export const pictureWords = (kind: string): { title: string; text: string } =>
  pictures[kind] ?? { title: kind.charAt(0).toUpperCase() + kind.slice(1), text: `Pictures of kind '${kind}'.` };

/** 'fashion-mini' of 'fashion-mini/jeat'. */
export const familyOf = (preset: string): string => preset.split('/')[0] ?? preset;
