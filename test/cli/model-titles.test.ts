import { expect, test } from 'vitest';
import { titled } from '../../core/cli/model-titles';
import { seriesColour } from '../../core/figures/theme';
import { objectiveRegistry } from '../../core/objectives/registry';

const titles = (...models: (readonly [string, string?])[]) =>
  titled(models.map(([name, objective]) => ({ name, objective }))).map(({ title }) => title);

test.each([
  [
    [
      ['a', 'natural'],
      ['b', 'pgd-at'],
      ['c', 'prejeat'],
      ['d', 'jeat'],
    ],
    ['Natural', 'PGD-AT', 'PreJEAT', 'JEAT'],
  ],
  [
    [['mine'], ['other', 'unheard-of'], ['third', 'constructor']],
    ['mine', 'other', 'third'],
  ],
  [
    [
      ['seed-0', 'jeat'],
      ['seed-1', 'jeat'],
      ['at', 'pgd-at'],
    ],
    ['seed-0', 'seed-1', 'PGD-AT'],
  ],
] as const)('%j are called %j', (models, wanted) => {
  expect(titles(...models)).toEqual(wanted);
});

test('a method keeps its colour by id and by title', () => {
  for (const id of ['natural', 'pgd-at', 'prejeat', 'jeat'])
    expect(seriesColour(objectiveRegistry.get(id).title), id).toBe(seriesColour(id));
  expect(seriesColour('pgd-at')).toBe(seriesColour('at'));
});
