/**
 * The opcodes of Python's pickle (protocols 2 to 5) that data are made of: dicts, lists, tuples, numbers, texts, and what a vocabulary
 * of names builds of them. Nothing is imported or run: an unknown name or opcode is refused, and named.
 */
import { Machine } from './pickle/machine';
import { opcodeName, operations, stop } from './pickle/operations';
import type { Pickled, Vocabulary } from './pickle/values';

export { Built, Name, type Pickled, type Vocabulary, textOf } from './pickle/values';

/**
 * Reads one pickle from `from`, and says where it ends.
 * @throws AppError BAD_FILE for what the vocabulary does not have, and for a damaged file.
 */
export function readPickle(
  bytes: Uint8Array,
  where: string,
  vocabulary: Vocabulary,
  from = 0,
): { value: Pickled; end: number } {
  const machine = new Machine(bytes, where, vocabulary, from);
  for (;;) {
    machine.count();
    const code = machine.number(1);
    if (code === stop) return { value: machine.pop(), end: machine.at };
    const run = operations.get(code);
    if (!run) throw machine.bad(`has the pickle opcode ${opcodeName(code)}, which is not read`);
    run(machine);
  }
}
