/** `lowland import`: a weights file of others becomes a named model. */
import { AppError } from '../lib/errors';
import { text } from '../lib/options';
import { type CommandContext, defineCommand } from './command';

export const importCommand = defineCommand({
  id: 'import',
  summary:
    'Take weights of others into the library: PyTorch checkpoints, .safetensors or .npz, checked against an architecture.',
  examples: [
    'lowland import resnet4b.pth --name r4b',
    'lowland import robust.pt --name robust --arch wrn-28-10 --data cifar10',
    'lowland import ours.npz --name ours --arch wrn --data cifar10 --set depth=16 --set width=4 --set norm=batch --mean 0.5 --std 0.25',
    'lowland import resnet.safetensors --name my-resnet --arch resnet18 --data cifar10 --set normalisation=cifar10',
    'lowland import from-lowland.safetensors --name shared',
  ],
  arguments: [
    {
      name: 'file',
      help: 'A PyTorch checkpoint (.pth, .pt: tensors only, nothing in it is run), a .safetensors file, or numpy arrays (.npz).',
      required: true,
    },
  ],
  options: {
    name: text('', 'What to call the model.'),
    arch: text(
      '',
      'Architecture, as models list names it, or wrn-28-10, wrn-34-10, wrn-34-20, wrn-70-16, each also as dm-wrn-…; its options by --set. Not needed for a file that lowland wrote, nor for the nets of assets/architectures.',
    ),
    mean: text(
      '',
      'Mean of each channel that the network subtracts from pixels in [0,1], for example 0.4914,0.4822,0.4465.',
    ),
    std: text('', 'Deviation of each channel that it divides by.'),
    data: text('', 'The dataset whose images and classes the model takes. Not needed for a file that lowland wrote.'),
  },
  async run([file = ''], { name, arch, data, mean, std }, context) {
    if (!name) throw new AppError('USAGE', 'The model needs a name.', 'Give one with --name.');
    const { importModel } = await import('../models/import');
    const normalisation =
      mean || std ? { normalisation: 'explicit', ...(mean ? { mean } : {}), ...(std ? { std } : {}) } : {};
    const described = await describe(arch, data, { ...context, set: { ...context.set, ...normalisation } });
    const {
      file: stored,
      card,
      report,
    } = await importModel({ file, name, dataFolder: context.dataFolder, ...described });
    return {
      json: { name, file: stored, card, report },
      text: [
        `Imported ${card.architecture} with ${card.parameters?.toLocaleString('en')} weights as '${name}'.`,
        ...report,
        `Use it by this name, for example: lowland attack ${name}`,
      ].join('\n'),
    };
  },
});

async function describe(arch: string, data: string, { set, dataFolder }: CommandContext) {
  if (!arch && !data && Object.keys(set).length === 0) return { model: undefined, metadata: {} };
  if (!arch || !data)
    throw new AppError(
      'USAGE',
      `The architecture needs ${arch ? '--data, for the size of its images and its classes' : '--arch'}.`,
      'See lowland import --help.',
    );
  const [{ loadDataset }, { buildModel }, { formOf }] = await Promise.all([
    import('../data/load'),
    import('../models/registry'),
    import('../models/published'),
  ]);
  const { architecture, options } = formOf(arch, set);
  const dataset = await loadDataset(data, { dataFolder });
  const model = buildModel(architecture, options, dataset.shape, dataset.classes.length);
  return { model, metadata: { dataset: dataset.id, classes: JSON.stringify(dataset.classes) } };
}
