/**
 * PyTorch, where there is one, in each way that may be its fastest: both layouts of images, and threads that wait for each other by
 * spinning, best on an idle machine, or asleep, best where others compute too. The fastest counts.
 */
import { type Bench, type Peer, python, theirWorker, words } from './peer';
import { type Layout, layouts } from './protocol';

export interface Way {
  readonly layout: Layout;
  open(): Promise<Peer>;
}

const waits: readonly Readonly<Record<string, string>>[] = [{}, { OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: '0' }];

/** None, and said, where PyTorch cannot be imported. */
export async function findReference(bench: Bench): Promise<readonly Way[]> {
  try {
    (await bench.open(theirWorker())).close();
  } catch (error) {
    const remedy = `LOWLAND_PYTHON names a Python that has torch; here that is '${python()}'`;
    bench.say(`The comparison with PyTorch is left out: ${words(error).replace(/\.$/, '')} (${remedy}).`);
    return [];
  }
  return layouts.flatMap((layout) =>
    waits.map((environment) => ({ layout, open: () => bench.open(theirWorker(), environment) })),
  );
}
