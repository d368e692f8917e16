/**
 * The training loop: batches by step, one compiled step, guard, metrics, evaluations, samples, checkpoints. Where the results go is
 * the sink's business (a run folder, a test, a window); nothing flows back but cancel.
 */
import * as tf from '@tensorflow/tfjs-core';
import { batchSource } from '../data/batches';
import type { Dataset, Split } from '../data/dataset';
import { subset } from '../data/split';
import { parseTransforms } from '../data/transforms';
import type { Engine, NamedTensors } from '../engine/engine';
import { breathe } from '../lib/breathe';
import { AppError } from '../lib/errors';
import { key } from '../lib/key';
import type { Progress } from '../lib/progress';
import { classifier, parameterCount } from '../models/model';
import { buildModel } from '../models/registry';
import { decodeWeights, encodeWeights } from '../models/weights';
import { bindObjective } from '../objectives/registry';
import { createChains } from './chains';
import { type CheckpointFiles, type Position, decodeState, encodeState, startPosition } from './checkpoint';
import type { TrainConfiguration } from './configuration';
import { verdict } from './guard';
import { checkMemory, stepBytes } from './memory';
import { type Evaluation, createEvaluator, gridOf, sampleGrid } from './monitor';
import { optimiserRegistry } from './optimiser';
import { readScalars } from './scalars';
import { learningRate, scheduleRegistry } from './schedule';
import { initialState, part, trainingStep } from './step';

/** Where a run's results go. A run folder is one. */
export interface TrainSink {
  append(event: { kind: string; step: number; [name: string]: string | number | boolean | null }): void;
  checkpoint(step: number, files: CheckpointFiles): Promise<void>;
  latestCheckpoint(): Promise<{ step: number; files: CheckpointFiles } | undefined>;
  /** Marks the events since the latest checkpoint as superseded, and returns it. */
  rewind(reason: string): Promise<{ step: number; files: CheckpointFiles } | undefined>;
  image(name: string, bytes: Uint8Array): Promise<void>;
  file(name: string, bytes: Uint8Array): Promise<void>;
}

export interface TrainJob {
  readonly configuration: TrainConfiguration;
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly sink: TrainSink;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Said in the provenance of images: the run's name. */
  readonly name: string;
  /** A weights file to begin with in place of random weights. */
  readonly start?: Uint8Array;
}

export interface TrainResult {
  readonly steps: number;
  readonly clean: number;
  readonly robust: number;
  readonly parameters: number;
  readonly weights: Uint8Array;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Steps of a run, from its options and the number of training images. */
export const totalSteps = ({ training }: TrainConfiguration, images: number): number =>
  training.steps > 0
    ? training.steps
    : Math.max(1, Math.round(training.epochs * Math.max(1, Math.floor(images / training.batch))));

/**
 * Trains, or goes on from the sink's latest checkpoint.
 * @throws AppError CANCELLED (a checkpoint is written first), DIVERGED after the guard's last try, BAD_DATA for too few images.
 */
export async function train(job: TrainJob): Promise<TrainResult> {
  const { configuration, dataset, engine, sink, progress, signal } = job;
  const { training, seed } = configuration;
  const split = limited(dataset, training.limit);
  if (split.size < training.batch)
    throw new AppError(
      'BAD_DATA',
      `A batch of ${training.batch} needs more than the ${split.size} training images.`,
      'Use a smaller batch, or a larger limit.',
    );
  const model = buildModel(configuration.model.id, configuration.model.options, dataset.shape, dataset.classes.length);
  const objective = bindObjective(configuration.objective.id, configuration.objective.options);
  const optimiser = optimiserRegistry.get(configuration.optimiser.id);
  const schedule = scheduleRegistry.get(configuration.schedule.id);
  const peak = Number(configuration.optimiser.options.lr);
  const steps = totalSteps(configuration, split.size);
  const warmup = Math.round(training.warmup * steps);
  const source = batchSource(split, { size: training.batch, seed, transforms: parseTransforms(training.augment) });
  const plan = {
    model,
    objective,
    optimiser: { entry: optimiser, options: configuration.optimiser.options },
    clip: training.clip,
    ema: training.ema,
    parts: engine.parts,
  };
  const chainPlan = objective.entry.plan?.(objective.options, training.batch);
  const chains = chainPlan ? createChains(chainPlan, split, dataset.classes.length, seed) : undefined;
  const { precision } = training;
  const note = (sentence: string) => progress.note(sentence);
  const weights = job.start
    ? decodeWeights(model, job.start, 'the starting weights')
    : model.init(engine.random(key(seed, 'init')));
  const evaluator = createEvaluator(engine, classifier(model, weights), dataset.splits.validation, training, signal);
  const state = initialState(plan, weights);
  const images = training.batch + (chainPlan?.chains ?? 0);
  checkMemory(await stepBytes(plan, weights, state, images), images, engine.id);
  const compiled = engine.compile(trainingStep(plan), state, { precision, note });
  let position = startPosition;

  const restore = (files: CheckpointFiles): void => {
    const decoded = decodeState(files);
    compiled.load(decoded.state);
    chains?.restore(decoded.buffer);
    position = decoded.position;
  };
  const current = (): NamedTensors => part(compiled.state, training.ema > 0 ? 'ema:' : 'weight:');
  const weightsFile = () =>
    encodeWeights(model, current(), {
      dataset: dataset.id,
      classes: JSON.stringify(dataset.classes),
      configuration: JSON.stringify(configuration),
    });
  const save = async (): Promise<void> => {
    const buffer = Object.fromEntries(
      Object.entries(chains?.serialise() ?? {}).map(([name, raw]) => [`buffer:${name}`, raw]),
    );
    await sink.checkpoint(position.step, {
      'weights.safetensors': await weightsFile(),
      'state.safetensors': await encodeState(compiled.state, buffer, position),
    });
  };
  const look = async (): Promise<Evaluation> => {
    const evaluation = await evaluator.evaluate(current(), key(seed, 'evaluation'));
    sink.append({ kind: 'evaluation', step: position.step, ...evaluation.metrics });
    const better = !position.best || evaluation.robust > position.best.robust;
    if (better) await sink.file('best.safetensors', await weightsFile());
    position = {
      ...position,
      ...(better
        ? { best: { step: position.step, robust: evaluation.robust }, stale: 0 }
        : { stale: position.stale + 1 }),
    };
    return evaluation;
  };
  const draw = async (): Promise<void> => {
    if (dataset.shape[0] < 4) return;
    const provenance = {
      run: job.name,
      step: String(position.step),
      seed: String(seed),
      configuration: configuration.name,
    };
    const stamp = String(position.step).padStart(7, '0');
    const { images, energy } = await sampleGrid(classifier(model, current()), split, engine, seed);
    sink.append({ kind: 'samples', step: position.step, 'energy.samples': energy });
    await sink.image(
      `samples-${stamp}.png`,
      gridOf(images, dataset.shape, { ...provenance, what: 'samples from uniform noise' }),
    );
    if (chains)
      await sink.image(
        `buffer-${stamp}.png`,
        gridOf(chains.images(64), dataset.shape, { ...provenance, what: 'replay buffer' }),
      );
    const attacked = await evaluator.examples(current(), key(seed, 'examples'));
    const attack = `PGD-${training.evaluationSteps}, linf ${training.evaluationEps}`;
    await sink.image(
      `adversarial-${stamp}.png`,
      gridOf(attacked, dataset.shape, { ...provenance, what: `validation images, and the same under ${attack}` }),
    );
  };

  try {
    const saved = await sink.latestCheckpoint();
    if (saved) restore(saved.files);
    else await save();
    if (position.step > 0) progress.note(`Resumed at step ${position.step}.`);
    let evaluation: Evaluation | undefined;
    while (position.step < steps && !(training.patience > 0 && position.stale >= training.patience)) {
      await breathe();
      if (signal.aborted) {
        await save();
        throw new AppError('CANCELLED', `Stopped at step ${position.step} of ${steps}.`, 'Go on with --resume.');
      }
      const began = performance.now();
      const step = position.step;
      const at = key(seed, `train/${position.attempt}`, step);
      const batch = source.at(step);
      const drawn = chains?.draw(at);
      const rate = learningRate(schedule, configuration.schedule.options, peak, step, steps, warmup);
      const inputs = {
        x: tf.tensor(batch.x, [batch.size, ...dataset.shape]),
        y: tf.tensor1d(batch.y, 'int32'),
        lr: tf.scalar(rate),
        t: tf.scalar(step),
        ...(drawn ? { chainX: drawn.chainX, chainY: drawn.chainY } : {}),
      };
      const outputs = compiled.run(inputs, at);
      const scalars = await readScalars(outputs);
      const wrong = verdict(scalars, training);
      if (!wrong && drawn && outputs.samples) chains?.put(drawn.slots, await outputs.samples.data<'float32'>());
      tf.dispose([Object.values(inputs), Object.values(outputs)]);
      if (wrong) {
        position = await recover(wrong);
        continue;
      }
      position = { ...position, step: step + 1 };
      const seconds = (performance.now() - began) / 1000;
      sink.append({
        kind: 'step',
        step: position.step,
        epoch: (position.step * training.batch) / split.size,
        ...scalars,
        lr: rate,
        imagesPerSecond: batch.size / seconds,
        tensorBytes: engine.memory().bytes,
      });
      progress.update('training', position.step, steps, 'steps', summary(scalars, evaluation));
      if (due(training.evaluateEvery)) evaluation = await look();
      if (due(training.sampleEvery)) await draw();
      if (due(training.checkpointEvery)) await save();
    }
    const last = await look();
    await draw();
    await save();
    return {
      steps: position.step,
      clean: last.clean,
      robust: last.robust,
      parameters: parameterCount(model),
      weights: await weightsFile(),
      metrics: last.metrics,
    };
  } finally {
    compiled.dispose();
    evaluator.dispose();
  }

  function due(every: number): boolean {
    return every > 0 && position.step % every === 0 && position.step < steps;
  }

  /** After a bad step: the last checkpoint (or the start) with a new random stream. */
  async function recover(reason: string): Promise<Position> {
    const attempt = position.attempt + 1;
    const bad = position.step;
    if (attempt > training.guardTries) {
      throw new AppError(
        'DIVERGED',
        `The training diverged at step ${bad}: ${reason}, after ${training.guardTries} restarts.`,
        'Lower optimiser.lr, raise objective.energyL2, or use the bounded form.',
      );
    }
    const saved = await sink.rewind(`guard: ${reason}`);
    if (saved) restore(saved.files);
    sink.append({ kind: 'guard', step: position.step, badStep: bad, reason, attempt });
    progress.note(
      `Guard: at step ${bad} ${reason}; back at step ${position.step} with a new random stream (try ${attempt} of ${training.guardTries}).`,
    );
    return { ...position, attempt };
  }
}

const summary = (scalars: Readonly<Record<string, number>>, evaluation: Evaluation | undefined): string =>
  [
    `loss ${(scalars.loss ?? NaN).toFixed(3)}`,
    ...Object.entries(scalars).flatMap(([name, value]) =>
      name.startsWith('energy.') ? [`E ${name.slice(7)} ${value.toFixed(2)}`] : [],
    ),
    ...(evaluation
      ? [`clean ${(100 * evaluation.clean).toFixed(1)} %, PGD ${(100 * evaluation.robust).toFixed(1)} %`]
      : []),
  ].join(', ');

function limited(dataset: Dataset, limit: number): Split {
  const { train } = dataset.splits;
  return limit === 0 || limit >= train.size
    ? train
    : subset(
        train,
        Uint32Array.from({ length: limit }, (_, i) => i),
      );
}
