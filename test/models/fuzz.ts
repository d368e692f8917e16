/** What becomes of a damaged weights file on its way into the library: read, or refused; anything else is a defect. */
import { AppError } from '../../core/lib/errors';
import { matched } from '../../core/models/checkpoints/match';
import { openWeights } from '../../core/models/checkpoints/open';
import { recognised } from '../../core/models/checkpoints/templates';
import { buildModel } from '../../core/models/registry';

const mlp = buildModel('mlp', { width: 3, depth: 1 }, [1, 1, 2], 2);

/**
 * 'imported' and 'read' (the tensors are whole, but not the network's), or the code of the refusal.
 * @throws whatever is no refusal; Error for tensors whose numbers are not those of their shapes, or a refusal of more than a sentence
 */
export async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const opened = openWeights(bytes, 'x');
    for (const [name, { shape, data }] of Object.entries(opened.tensors))
      if (data.length !== shape.reduce((product, size) => product * size, 1))
        throw new Error(`'${name}' of [${shape.join(', ')}] has ${data.length} numbers`);
    try {
      matched(mlp, opened, 'x');
      return 'imported';
    } catch (error) {
      said(error);
    }
    await recognised(opened.tensors, 'x').catch(said);
    return 'read';
  } catch (error) {
    return said(error);
  }
}

function said(error: unknown): string {
  if (!(error instanceof AppError)) throw error;
  if (!/^[^\n]{1,1500}\.$/s.test(error.message)) throw new Error(`not a sentence: ${error.message.slice(0, 2000)}`);
  return error.code;
}
