/** Addresses: which are ours, and which a link may open in the user's browser. */
import { describe, expect, it } from 'vitest';
import { isOurs, mayOpenOutside } from '../../electron/addresses';

describe('addresses', () => {
  it.each([
    ['app://lowland/index.html', true],
    ['app://lowland/index.html#/train', true],
    ['app://lowland.evil.example/index.html', false],
    ['app://lowland@evil.example/', false],
    ['app://other/index.html', false],
    ['https://lowland/', false],
    ['file:///etc/passwd', false],
    ['about:blank', false],
    ['', false],
  ])('%j is ours: %s', (address, ours) => expect(isOurs(address)).toBe(ours));

  it.each([
    ['https://arxiv.org/abs/2108.09093', true],
    ['https://github.com/google/jax', true],
    ['https://github.com.evil/', false],
    ['http://arxiv.org/abs/2108.09093', false],
    ['https://arxiv.org.evil.example/', false],
    ['https://arxiv.org@evil.example/', false],
    ['https://evil.example/?https://arxiv.org/', false],
    ['file:///usr/bin/xterm', false],
    ['javascript:alert(1)', false],
  ])('%j may be opened outside: %s', (address, may) => expect(mayOpenOutside(address)).toBe(may));
});
