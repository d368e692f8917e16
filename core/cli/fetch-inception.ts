/** `lowland metrics fetch-inception`: the weights by which FID and Inception Score are defined. */
import { text } from '../lib/options';
import { defineCommand } from './command';

export const fetchInceptionCommand = defineCommand({
  id: 'metrics fetch-inception',
  summary: 'Get the weights of Inception-v3 (91 MB) that FID and the Inception Score are defined by.',
  examples: [
    'lowland metrics fetch-inception',
    'lowland metrics fetch-inception --from weights-inception-2015-12-05-6726825d.pth',
  ],
  arguments: [],
  options: { from: text('', 'The file, where it is here already; it is not downloaded then.') },
  async run(_, { from }, { dataFolder, progress, signal }) {
    const { storeInception } = await import('../models/inception/store');
    const { file, fetched } = await storeInception(dataFolder, { from, fetching: { progress, signal } });
    return { json: { file, fetched }, text: fetched ? `Inception is in '${file}'.` : `Already there: '${file}'.` };
  },
});
