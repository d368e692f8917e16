/** What the bench times, on the small convnet and 28x28 grey images: steps of objectives, PGD, SGLD. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { pgd } from '../../core/attacks/pgd';
import type { Engine } from '../../core/engine/engine';
import { key } from '../../core/lib/key';
import { resolve } from '../../core/lib/options';
import { classifier } from '../../core/models/model';
import { buildModel } from '../../core/models/registry';
import { bindObjective, objectiveRegistry } from '../../core/objectives/registry';
import { sgld } from '../../core/sampling/sgld';
import { optimiserRegistry } from '../../core/training/optimiser';
import { readScalars } from '../../core/training/scalars';
import { initialState, trainingStep } from '../../core/training/step';

export interface BenchCase {
  readonly name: string;
  readonly batch: number;
  run(round: number): Promise<void>;
  dispose(): void;
}

const batch = 64;
const shape = [28, 28, 1] as const;

export function benchCases(engine: Engine): BenchCase[] {
  const model = buildModel('convnet', {}, shape, 10);
  const weights = model.init(engine.random(key(0, 'bench/weights')));
  const net = classifier(model, weights);
  const images = (n: number) => engine.random(key(0, 'bench/images')).uniform([n, ...shape]) as Tensor4D;
  const labels = (n: number) =>
    tf.tensor1d(
      Int32Array.from({ length: n }, (_, i) => i % 10),
      'int32',
    );
  const [x, y, chains, chainLabels] = [images(batch), labels(batch), images(32), labels(32)];
  const finished = async (result: Tensor4D): Promise<void> => {
    await result.data();
    result.dispose();
  };
  const attack = resolve(pgd.options, { eps: 0.1, step: 0.025, steps: 10 }, 'pgd');
  const walk = resolve(sgld.options, {}, 'sgld');
  return [
    ...objectiveRegistry.ids.map((id) => stepCase(engine, id, { x, y, chainX: chains, chainY: chainLabels })),
    {
      name: 'PGD-10',
      batch,
      run: (round) => finished(pgd.run(net, x, y, attack, engine.random(key(0, 'bench/pgd', round)))),
      dispose: () => undefined,
    },
    {
      name: 'SGLD, 10 steps of 32',
      batch: 32,
      run: (round) => finished(tf.tidy(() => walked(net, chains, engine, walk, round))),
      dispose: () => tf.dispose([x, y, chains, chainLabels, Object.values(weights)]),
    },
  ];
}

function walked(
  net: Parameters<typeof sgld.step>[0],
  start: Tensor4D,
  engine: Engine,
  options: Parameters<typeof sgld.step>[4],
  round: number,
): Tensor4D {
  let at = { x: start };
  for (let k = 0; k < 10; k++)
    at = sgld.step(net, at, undefined, start, options, engine.random(key(0, `bench/sgld/${k}`, round)));
  return at.x;
}

/** A whole training step of an objective with Adam, compiled on the engine. */
function stepCase(
  engine: Engine,
  id: string,
  data: { x: Tensor4D; y: Tensor1D; chainX: Tensor4D; chainY: Tensor1D },
): BenchCase {
  const model = buildModel('convnet', {}, shape, 10);
  const entry = optimiserRegistry.get('adam');
  const plan = {
    model,
    objective: bindObjective(id, {}),
    optimiser: { entry, options: resolve(entry.options, {}, 'adam') },
    clip: 0,
    ema: 0,
  };
  const weights = model.init(engine.random(key(0, 'bench/weights')));
  const compiled = engine.compile(trainingStep(plan), initialState(plan, weights));
  return {
    name: `step: ${id}`,
    batch,
    async run(round) {
      const [lr, t] = [tf.scalar(1e-3), tf.scalar(round)];
      const outputs = compiled.run({ ...data, lr, t }, key(0, 'bench/step', round));
      await readScalars(outputs);
      tf.dispose([lr, t, Object.values(outputs)]);
    },
    dispose: () => compiled.dispose(),
  };
}
