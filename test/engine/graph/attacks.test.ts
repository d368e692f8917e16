/** Every attack that walks is captured, in every norm, and finds the same images as op by op. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttackEntry } from '../../../core/attacks/attack';
import { attacker } from '../../../core/attacks/attacker';
import { attackRegistry } from '../../../core/attacks/registry';
import type { Engine } from '../../../core/engine/engine';
import { key } from '../../../core/lib/key';
import { resolve } from '../../../core/lib/options';
import { testEngines } from '../../engines';
import { type Setting, closeSetting, openSetting } from '../../attacks/setting';

const eps = { linf: 0.05, l2: 0.3, l1: 1.5 } as const;
const norms = ['linf', 'l2', 'l1'] as const;
const knows = ({ options: { norm } }: AttackEntry, one: string): boolean =>
  norm?.kind === 'choice' && norm.choices.includes(one);
const walking = attackRegistry.all
  .filter(({ walk }) => walk)
  .flatMap((attack) => norms.filter((norm) => knows(attack, norm)).map((norm) => [attack.id, norm, attack] as const));

describe.skipIf(!testEngines.includes('tensorflow'))('attacks as graphs', () => {
  let engine: Engine;
  let model: Setting['model'];
  let x: tf.Tensor4D;
  let y: tf.Tensor1D;
  beforeAll(async () => {
    ({ engine, model, x, y } = await openSetting('tensorflow'));
  });
  afterAll(() => closeSetting({ engine, model, x, y }));

  test.each(walking)('%s in %s', async (_id, norm, { options, walk, id }) => {
    const few = Object.fromEntries(
      Object.entries({ norm, eps: eps[norm], steps: 12, searchSteps: 2 }).filter(([name]) => name in options),
    );
    const walked = walk?.(resolve(options, few, id), model);
    if (!walked) throw new Error(`${id} does not walk`);
    const notes: string[] = [];
    const found = async (calls: number) => {
      const attack = attacker(engine, model, walked, { calls, note: (sentence) => notes.push(sentence) });
      const reached = await attack.attack(x, y, key(0, 'attack'));
      attack.dispose();
      const values = [...(await reached.data())];
      reached.dispose();
      return values;
    };
    // a step that is never called is worth no graph
    expect(await found(10)).toEqual(await found(0));
    expect(notes).toEqual([]);
  });
});
