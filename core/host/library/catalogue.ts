/** What can be chosen, for windows; and which engines work here. All of it is loaded when first asked for. */
import type { HandlersOf } from '../../contract/api';
import type { Catalogue } from '../../contract/areas/catalogue';
import type { EngineId, EngineProbe } from '../../engine/engine';
import type { DatasetDesk } from './desk';

type CatalogueCall = 'catalogue.read' | 'catalogue.configure' | 'app.engines';

export function catalogueHandlers(desk: DatasetDesk): Pick<HandlersOf<'library'>, CatalogueCall> {
  let catalogue: Promise<Catalogue> | undefined;
  let engines: Promise<Readonly<Record<EngineId, EngineProbe>>> | undefined;
  return {
    async 'catalogue.read'() {
      catalogue ??= import('./catalogue/read').then(({ readCatalogue }) => readCatalogue());
      catalogue.catch(() => (catalogue = undefined));
      return catalogue;
    },
    async 'catalogue.configure'(request) {
      return (await import('./catalogue/configure')).configured(request, desk);
    },
    /** Each engine is tried in a process of its own, once for as long as this one lives. */
    async 'app.engines'() {
      engines ??= import('../../engine/doctor').then(async ({ examineAll }) => {
        const found = await examineAll();
        return Object.fromEntries(found.map(({ id, ...probe }) => [id, probe])) as Record<EngineId, EngineProbe>;
      });
      engines.catch(() => (engines = undefined));
      return engines;
    },
  };
}
