/**
 * The table of commands. It alone is read for `lowland --help`; a command's own file is loaded when that command is called, and
 * that file loads engines and models only when it runs.
 */
import type { CommandEntry } from './command';
import { AppError } from '../lib/errors';

export interface CommandRow {
  readonly id: string;
  readonly summary: string;
  readonly load: () => Promise<CommandEntry>;
}

const row = (id: string, summary: string, load: () => Promise<CommandEntry>): CommandRow => ({ id, summary, load });

export const commandTable: readonly CommandRow[] = [
  row(
    'demo',
    'Train a small JEAT classifier live, generate with it, attack it, and draw the energy of pretrained ones.',
    async () => (await import('./demo')).demoCommand,
  ),
  row(
    'doctor',
    'Say which engines work here, why the others do not, and which one is chosen.',
    async () => (await import('./doctor')).doctorCommand,
  ),
  row(
    'setup',
    'Get and build the tensorflow engine, in your data folder.',
    async () => (await import('./setup')).setupCommand,
  ),
  row(
    'train',
    'Train a classifier: natural, noise, PGD-AT, FGSM-RS, PreJEAT, JEAT.',
    async () => (await import('./train')).trainCommand,
  ),
  row(
    'sample',
    'Generate images by walking down the energy of a model.',
    async () => (await import('./sample')).sampleCommand,
  ),
  row(
    'attack',
    'Attack a model: clean and robust accuracy, and what happens to its energies.',
    async () => (await import('./attack')).attackCommand,
  ),
  ...listed(async () => (await import('./evaluate')).evaluateCommands, {
    evaluate: 'Judge how robust a model is: AutoAttack and other attacks, each on the images that still stand.',
    'evaluate merge': 'Join the shards of an evaluation into its result.',
  }),
  row(
    'metrics',
    'Judge generated images: Inception Score, FID, KID, precision and recall, density and coverage.',
    async () => (await import('./metrics')).metricsCommand,
  ),
  row(
    'metrics fetch-inception',
    'Get the weights of Inception-v3 (91 MB) that FID and the Inception Score are defined by.',
    async () => (await import('./fetch-inception')).fetchInceptionCommand,
  ),
  row(
    'metrics calibration',
    'Measure calibration: ECE, Brier score, likelihood, reliability diagram, temperature scaling.',
    async () => (await import('./calibration')).calibrationCommand,
  ),
  row(
    'metrics ood',
    'Tell a model’s own images from others by its scores: AUROC, AUPR, FPR at 95 % TPR.',
    async () => (await import('./ood')).oodCommand,
  ),
  row(
    'metrics curve',
    'Measure accuracy against the radius of attacks.',
    async () => (await import('./curve')).curveCommand,
  ),
  row(
    'metrics distances',
    'Measure how far the nearest adversarial images are: a histogram of smallest perturbations.',
    async () => (await import('./distances')).distancesCommand,
  ),
  row(
    'metrics transfer',
    'Try adversarial images crafted on each model on all the others: a matrix of accuracies.',
    async () => (await import('./transfer')).transferCommand,
  ),
  row(
    'metrics energies',
    'Measure E(x) and E(x,y) under several attacks, and check what is known of them.',
    async () => (await import('./energies')).energiesCommand,
  ),
  row(
    'surface',
    'Draw the energy of models round a real image, and measure its flatness.',
    async () => (await import('./surface')).surfaceCommand,
  ),
  row(
    'serve',
    'Open the workbench in a browser: prints its address, and serves until Ctrl-C.',
    async () => (await import('./serve')).serveCommand,
  ),
  row(
    'export',
    'Write the weights of a model or run, or a chart of metrics of a run.',
    async () => (await import('./export')).exportCommand,
  ),
  row(
    'export figure',
    'Draw a figure from its saved data, as SVG, PNG or PDF, or write the data as CSV.',
    async () => (await import('./export-figure')).exportFigureCommand,
  ),
  row(
    'import',
    'Take weights of others into the library: PyTorch checkpoints, .safetensors or .npz, checked against an architecture.',
    async () => (await import('./import')).importCommand,
  ),
  ...group('data', async () => (await import('./data')).dataCommands, {
    list: 'List the datasets: those at hand, and those that can be added.',
    add: 'Add a dataset: from its home page, or from files that you have.',
    check: 'Check a dataset, every file and every label, without storing anything.',
    remove: 'Remove added datasets from your data folder.',
    stats:
      'Count the images of each class, and give mean and standard deviation of each channel of the training images.',
  }),
  ...group('models', async () => (await import('./models')).modelsCommands, {
    list: 'List the models at hand, and the architectures that can be trained or imported.',
    show: 'Show one model: its card and its tensors.',
  }),
  ...group('runs', async () => (await import('./runs')).runsCommands, {
    list: 'List your runs: what they are, how they stand, what they found.',
    show: 'Show one run: configuration, state, metrics, checkpoints.',
    compare: 'Compare two runs: only the options that differ, and the best and last metrics.',
    remove: 'Delete runs that nothing is writing to.',
    export: "Write a run's log as a TensorBoard event file, a CSV table or a JSON document.",
  }),
];

/** Two-word commands that one file defines. */
function group(
  name: string,
  load: () => Promise<readonly CommandEntry[]>,
  summaries: Readonly<Record<string, string>>,
): CommandRow[] {
  const whole = Object.entries(summaries).map(([second, summary]) => [`${name} ${second}`, summary]);
  return listed(load, Object.fromEntries(whole) as Record<string, string>);
}

/** Commands that one file defines. */
function listed(
  load: () => Promise<readonly CommandEntry[]>,
  summaries: Readonly<Record<string, string>>,
): CommandRow[] {
  return Object.entries(summaries).map(([id, summary]) =>
    row(id, summary, async () => {
      const entry = (await load()).find((each) => each.id === id);
      if (!entry) throw new AppError('FAILED', `The command table lists '${id}', which its file does not define.`);
      return entry;
    }),
  );
}
