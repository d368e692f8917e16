/** The replay buffer: keyed draws, writes, and a restored copy that goes on identically. */
import { describe, expect, it } from 'vitest';
import { key } from '../../core/lib/key';
import { uniforms } from '../../core/lib/philox';
import { ReplayBuffer } from '../../core/sampling/buffer';

const shape = [2, 2, 1] as const;
const create = () =>
  new ReplayBuffer(
    uniforms(key(1, 'images'), 40),
    Int32Array.from({ length: 10 }, (_, i) => i % 3),
    shape,
  );

describe('the replay buffer', () => {
  it('draws different slots, the same under the same key', () => {
    const slots = create().draw(key(1, 'draw', 5), 10);
    expect([...slots].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(create().draw(key(1, 'draw', 5), 10)).toEqual(slots);
    expect(create().draw(key(1, 'draw', 6), 10)).not.toEqual(slots);
    expect(() => create().draw(key(1, 'draw'), 11)).toThrow('Cannot draw 11 chains from a replay buffer of 10 slots.');
  });

  it('starts slots afresh with the given probability', () => {
    const buffer = create();
    const all = Uint32Array.from({ length: 10 }, (_, i) => i);
    expect(buffer.fresh(key(1, 'fresh'), all, 0)).toHaveLength(0);
    expect(buffer.fresh(key(1, 'fresh'), all, 1)).toEqual(all);
    const share = Array.from({ length: 400 }, (_, i) => buffer.fresh(key(1, 'fresh', i), all, 0.3).length);
    expect(share.reduce((a, b) => a + b) / 4000).toBeCloseTo(0.3, 1);
  });

  it('reads back what was put, and only there', () => {
    const buffer = create();
    const untouched = buffer.gather(Uint32Array.of(0, 9));
    buffer.put(Uint32Array.of(7, 2), Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect(buffer.gather(Uint32Array.of(2, 7)).x).toEqual(Float32Array.of(5, 6, 7, 8, 1, 2, 3, 4));
    expect(buffer.gather(Uint32Array.of(2, 7)).y).toEqual(Int32Array.of(2, 1));
    expect(buffer.gather(Uint32Array.of(0, 9))).toEqual(untouched);
  });

  it('is restored from its arrays, and refuses torn ones', () => {
    const buffer = create();
    const copy = ReplayBuffer.restore(structuredClone(buffer.serialise()), shape);
    expect(copy.serialise()).toEqual(buffer.serialise());
    expect(() => ReplayBuffer.restore({}, shape)).toThrow('The checkpoint holds no replay buffer.');
    const torn = { ...buffer.serialise(), 'buffer.images': { shape: [1], data: new Float32Array(3) } };
    expect(() => ReplayBuffer.restore(torn, shape)).toThrow('A replay buffer of 10 slots cannot hold 3 values.');
  });
});
