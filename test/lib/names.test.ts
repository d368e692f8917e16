import { expect, test } from 'vitest';
import { suggestion } from '../../core/lib/nearest';
import { Registry } from '../../core/lib/registry';

test.each([
  ['cifar1', ['mnist', 'cifar10'], "Did you mean 'cifar10'?"],
  ['fashon', ['fashion', 'svhn'], "Did you mean 'fashion'?"],
  ['fashion-mnist-tiny', ['fashion-mnist-mini', 'moons'], "Did you mean 'fashion-mnist-mini'?"],
  ['zebra', ['mnist', 'svhn'], 'Known: mnist, svhn.'],
  ['c', ['a', 'b'], 'Known: a, b.'],
  ['x', [], 'There is none.'],
])('%s among %j: %s', (name, known, words) => expect(suggestion(name, known)).toBe(words));

test('long lists are cut', () => {
  expect(
    suggestion(
      'zebra',
      Array.from({ length: 20 }, (_, i) => `name-${i}`),
    ),
  ).toMatch(/name-11, …\.$/);
});

test('a registry gives entries by id and names the nearest one', () => {
  const registry = new Registry('attack', [{ id: 'pgd' }, { id: 'fgsm' }]);
  expect(registry.get('pgd')).toEqual({ id: 'pgd' });
  expect(() => registry.get('fgms')).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_NAME', hint: "Did you mean 'fgsm'?" }),
  );
});
