/** Processors that this process may use; older Nodes tell only how many there are. */
import os from 'node:os';

const { availableParallelism }: Partial<Pick<typeof os, 'availableParallelism'>> = os;

export const cores = (): number => availableParallelism?.() ?? os.cpus().length;
