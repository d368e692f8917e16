/**
 * Random tensors drawn on the GPU: Philox 4x32-10 and Box-Muller in WGSL, the same steps as core/lib/philox and box-muller, so
 * that uniforms equal the host's and normals do to float32 rounding. One invocation makes one block of four values.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { type Key, fork, keyWords, later } from '../lib/key';
import type { Random } from './engine';

const WORKGROUP = 64;

const PHILOX = /* wgsl */ `
  fn mulHigh(a : u32, b : u32) -> u32 {
    let middle = (a >> 16u) * (b & 0xffffu) + (((a & 0xffffu) * (b & 0xffffu)) >> 16u);
    let carry = (middle & 0xffffu) + (a & 0xffffu) * (b >> 16u);
    return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (carry >> 16u);
  }
  fn philox(block : u32) -> vec4<u32> {
    var c = vec4<u32>(block, bitcast<u32>(uniforms.step), 0u, 0u);
    var k = vec2<u32>(bitcast<u32>(uniforms.key0), bitcast<u32>(uniforms.key1));
    for (var round = 0; round < 10; round++) {
      c = vec4<u32>(
        mulHigh(0xcd9e8d57u, c.z) ^ c.y ^ k.x, 0xcd9e8d57u * c.z,
        mulHigh(0xd2511f53u, c.x) ^ c.w ^ k.y, 0xd2511f53u * c.x);
      k += vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
    }
    return c;
  }`;

const UNIFORM = /* wgsl */ `
  fn values(words : vec4<u32>) -> vec4<f32> {
    return uniforms.low + (uniforms.high - uniforms.low) * (vec4<f32>(words >> vec4<u32>(8u)) * 0x1p-24f);
  }`;

const NORMAL = /* wgsl */ `
  fn logOfFraction(n : u32) -> f32 {
    let bits = bitcast<u32>(f32(n));
    let m = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u);
    let s = (m - 1.0) / (m + 1.0);
    let t = s * s;
    let rest = t * (1.0 / 9.0 + t * (1.0 / 11.0 + t * (1.0 / 13.0 + t * (1.0 / 15.0))));
    return 2.0 * s * (1.0 + t * (1.0 / 3.0 + t * (1.0 / 5.0 + t * (1.0 / 7.0 + rest))))
      + f32(i32(bits >> 23u) - 150) * 0.6931471805599453;
  }
  fn pair(first : u32, second : u32) -> vec2<f32> {
    let radius = sqrt(-2.0 * logOfFraction((first >> 8u) | 1u));
    let halves = f32(second >> 8u) * 0x1p-23f;
    let half = floor(halves + 0.5);
    let x = (halves - half) * 3.141592653589793;
    let t = x * x;
    let c = 1.0 + t * (-1.0 / 2.0 + t * (1.0 / 24.0 + t * (-1.0 / 720.0 +
      t * (1.0 / 40320.0 + t * (-1.0 / 3628800.0 + t * (1.0 / 479001600.0))))));
    let s = x * (1.0 + t * (-1.0 / 6.0 + t * (1.0 / 120.0 + t * (-1.0 / 5040.0 +
      t * (1.0 / 362880.0 + t * (-1.0 / 39916800.0 + t * (1.0 / 6227020800.0)))))));
    return radius * (1.0 - 2.0 * (half % 2.0)) * vec2<f32>(c, s);
  }
  fn values(words : vec4<u32>) -> vec4<f32> {
    return vec4<f32>(pair(words.x, words.y), pair(words.z, words.w));
  }`;

const MAIN = /* wgsl */ `
  fn main(index : i32) {
    let four = values(philox(u32(index)));
    for (var i = 0; i < 4; i++) {
      if (index * 4 + i < uniforms.size) {
        setOutputAtIndex(index * 4 + i, four[i]);
      }
    }
  }`;

const program = (name: string, values: string, size: number): WebGPUProgram => ({
  shaderKey: `philox-${name}`,
  variableNames: [],
  outputShape: [size],
  uniforms: 'key0 : i32, key1 : i32, step : i32, low : f32, high : f32,',
  dispatchLayout: { x: [0] },
  dispatch: [Math.ceil(size / (4 * WORKGROUP)), 1, 1],
  workgroupSize: [WORKGROUP, 1, 1],
  size: true,
  getUserCode: () => PHILOX + values + MAIN,
});

/** Draws on `backend`, which must be the global one. */
export function gpuRandom(backend: WebGPUBackend): (key: Key) => Random {
  const draw = (key: Key, code: WebGPUProgram, shape: readonly number[], low: number, high: number): Tensor => {
    const [key0, key1] = keyWords(key);
    const data = [
      { type: 'int32', data: [key0 | 0] },
      { type: 'int32', data: [key1 | 0] },
      { type: 'int32', data: [key.step | 0] },
      { type: 'float32', data: [low] },
      { type: 'float32', data: [high] },
    ];
    return tf.tidy(() => {
      const drawn = backend.runWebGPUProgram(code, [], 'float32', data);
      return tf.reshape(tf.engine().makeTensorFromTensorInfo(drawn), [...shape]);
    });
  };
  const random = (key: Key): Random => ({
    uniform: (shape, low = 0, high = 1) =>
      draw(fork(key, 'uniform'), program('uniform', UNIFORM, tf.util.sizeFromShape([...shape])), shape, low, high),
    normal: (shape) =>
      draw(fork(key, 'normal'), program('normal', NORMAL, tf.util.sizeFromShape([...shape])), shape, 0, 1),
    fork: (name) => random(fork(key, name)),
    later: (by) => random(later(key, by)),
  });
  return random;
}
