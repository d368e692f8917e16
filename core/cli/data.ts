/** `lowland data list|add|check|remove|stats`: the datasets at hand, and getting more of them. */
import { text } from '../lib/options';
import { type CommandEntry, defineCommand } from './command';
import { checkText, listText, statsText } from './data-text';

const dataset = { name: 'name', help: 'A dataset, as data list names it.', required: true };

const list = defineCommand({
  id: 'data list',
  summary: 'List the datasets: those at hand, and those that can be added.',
  examples: ['lowland data list', 'lowland data list --json'],
  arguments: [],
  options: {},
  async run(_args, _options, { dataFolder }) {
    const { listDatasets } = await import('../data/list');
    const json = await listDatasets(dataFolder);
    return { json, text: listText(json, dataFolder) };
  },
});

const add = defineCommand({
  id: 'data add',
  summary: 'Add a dataset: from its home page, or from files that you have.',
  examples: [
    'lowland data add cifar10',
    'lowland data add cifar10 --from cifar-10-binary.tar.gz',
    'lowland data add fashion-mnist --from /usr/share/datasets/fashion-mnist',
    'lowland data add my-images --from ./images',
    'lowland data add my-images --from images.npz',
  ],
  arguments: [{ ...dataset, help: 'A known dataset, or a new name for one of your own.' }],
  options: {
    from: text(
      '',
      'A folder, file or address instead of the home page. For a dataset of your own: a folder of PNG or JPEG images with one subfolder a class (in train and test, if you like), or an .npz file with x and y.',
    ),
  },
  async run([name = ''], { from }, context) {
    const { addDataset } = await import('../data/add');
    const { added, folder, manifest } = await addDataset(name, from, context);
    const { title, shape, classes, splits } = manifest;
    const images = { train: splits.train.images, test: splits.test.images };
    const said = `${title}: ${images.train.toLocaleString('en')} training and ${images.test.toLocaleString('en')} test images of ${shape.join('x')} in ${classes.length} classes`;
    return {
      json: { dataset: name, added, folder, images, shape, classes },
      text: added ? `Added ${said}\nIn ${folder}` : `Already there: ${said}\nIn ${folder}`,
    };
  },
});

const check = defineCommand({
  id: 'data check',
  summary: 'Check a dataset, every file and every label, without storing anything.',
  examples: [
    'lowland data check fashion-mnist-mini',
    'lowland data check cifar10 --from cifar-10-binary.tar.gz --json',
  ],
  arguments: [dataset],
  options: { from: text('', 'A folder, file or address to check instead of what is in the data folder.') },
  async run([name = ''], { from }, context) {
    const { checkDataset } = await import('../data/add');
    const { classTable } = await import('../data/list');
    const { data, files } = await checkDataset(name, from, context);
    const classes = classTable(data);
    const json = { dataset: name, images: data.train.size + data.test.size, classes, files, ok: true };
    return { json, text: checkText(json) };
  },
});

const remove = defineCommand({
  id: 'data remove',
  summary: 'Remove added datasets from your data folder.',
  examples: ['lowland data remove cifar10'],
  arguments: [{ ...dataset, name: 'name...' }],
  options: {},
  async run(names, _options, { dataFolder }) {
    const { removeDataset } = await import('../data/add');
    const removed: string[] = [];
    for (const name of names) removed.push(await removeDataset(name, dataFolder));
    return { json: { removed }, text: removed.map((folder) => `Removed ${folder}`).join('\n') };
  },
});

const stats = defineCommand({
  id: 'data stats',
  summary:
    'Count the images of each class, and give mean and standard deviation of each channel of the training images.',
  examples: ['lowland data stats fashion-mnist-mini', 'lowland data stats toy-moons --seed 3 --json'],
  arguments: [dataset],
  options: {},
  async run([name = ''], _options, { dataFolder, seed }) {
    const { loadSource } = await import('../data/load');
    const { channelStatistics, classTable } = await import('../data/list');
    const data = await loadSource(name, { dataFolder, seed });
    const { train, test } = data;
    const json = {
      dataset: name,
      shape: train.shape,
      images: { train: train.size, test: test.size },
      ...channelStatistics(train),
      classes: classTable(data),
    };
    return { json, text: statsText(json) };
  },
});

export const dataCommands: readonly CommandEntry[] = [list, add, check, remove, stats];
