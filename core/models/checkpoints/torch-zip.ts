/** The zip form of PyTorch checkpoints, since 1.6: <name>/data.pkl, and a member <name>/data/<key> for each storage. */
import { readZip } from '../../data/formats/zip';
import { brief } from '../../lib/brief';
import { AppError } from '../../lib/errors';
import { readPickle } from '../../lib/pickle';
import { type OpenedTorch, torchObjects } from './torch-pickle';

/** PyTorch stores its members unpacked; an archive that grows by more than this is no checkpoint. */
const largest = (bytes: Uint8Array): number => Math.max(2 ** 26, bytes.length);

/** @throws AppError BAD_FILE for a damaged archive, one of something else, and one of a big-endian machine. */
export function openZip(bytes: Uint8Array, where: string): OpenedTorch {
  const wanted = (name: string): boolean => /(^|\/)(data\.pkl|byteorder|data\/\w+)$/.test(name);
  const members = readZip(bytes, where, wanted, largest(bytes));
  const [pickle, second] = [...members.keys()].filter((name) => /(^|\/)data\.pkl$/.test(name));
  const content = pickle === undefined ? undefined : members.get(pickle);
  if (pickle === undefined || !content)
    throw new AppError('BAD_FILE', `'${where}' is a zip archive, but no PyTorch checkpoint.`, 'It has no data.pkl.');
  if (second !== undefined)
    throw new AppError('BAD_FILE', `'${where}' holds two checkpoints, '${brief(pickle)}' and '${brief(second)}'.`);
  const root = pickle.slice(0, -'data.pkl'.length);
  const order = members.get(`${root}byteorder`);
  if (order && Buffer.from(order).toString('latin1') !== 'little')
    throw new AppError('BAD_FILE', `'${where}' was written on a big-endian machine, which is not read.`);
  return {
    content: readPickle(content, where, torchObjects).value,
    bytesOf: ({ key }) => members.get(`${root}data/${key}`),
  };
}
