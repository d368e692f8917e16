/** `lowland models list|show`: the embedded and imported models, or any by path. */
import { type CommandEntry, defineCommand } from './command';
import { listText, showText } from './models-text';

const list = defineCommand({
  id: 'models list',
  summary: 'List the models at hand, and the architectures that can be trained or imported.',
  examples: ['lowland models list', 'lowland models list --json'],
  arguments: [],
  options: {},
  async run(_args, _options, { dataFolder }) {
    const [{ listModels }, { modelRegistry }] = await Promise.all([
      import('../models/library'),
      import('../models/registry'),
    ]);
    const models = await listModels(dataFolder);
    const architectures = modelRegistry.all.map(({ id, title, summary, reference, options }) => ({
      id,
      title,
      summary,
      reference,
      options,
    }));
    return { json: { models, architectures }, text: listText(models, architectures) };
  },
});

const show = defineCommand({
  id: 'models show',
  summary: 'Show one model: its card and its tensors.',
  examples: ['lowland models show jeat', 'lowland models show ./weights.safetensors --json'],
  arguments: [{ name: 'model', help: 'A name, a .safetensors file, or a run.', required: true }],
  options: {},
  async run([name = ''], _options, { dataFolder }) {
    const [{ cardOf, locateModel }, { readDescribed }] = await Promise.all([
      import('../models/library'),
      import('../models/weights'),
    ]);
    const found = await locateModel(name, dataFolder);
    const { model, metadata } = await readDescribed(found.file);
    const card = await cardOf(found, model, metadata);
    const tensors = model.parameters.map((parameter) => ({
      name: parameter.name,
      shape: parameter.shape,
      trainable: parameter.trainable,
    }));
    const json = { ...found, inputShape: model.inputShape, card, tensors };
    return { json, text: showText(json) };
  },
});

export const modelsCommands: readonly CommandEntry[] = [list, show];
