import type { JsonObject } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { Resource } from '../kubernetes/resources.ts';
import { createEngine, type EngineData } from './engine.ts';
import { type Arranged, arranged, type Listed } from './inventory.ts';
import { indexer, patternsOf, rowsOf } from './inventory-index.ts';
import { later } from './later.ts';
import type { CompiledModule } from './module.ts';

/**
 * Returns an inventory with its index (`lib.api.inventory`), of which the policies themselves say what it has of the
 * Nodes. Its namespaces are made when it is loaded, one by one.
 *
 * @param resources the kinds of the inventory.
 * @throws EngineError if they do not answer.
 */
export function indexed(
  wasm: Uint8Array | CompiledModule,
  bulkhead: EngineData['bulkhead'],
  objects: readonly Listed[],
  resources: readonly Resource[],
): JsonObject {
  const rows = bulkhead.table.components ?? [];
  const { cluster, namespaces } = arranged(objects, resources);
  const { inCluster, inNamespace } = indexer(resources, patternsOf(rows));
  const indexes = new Map<string, JsonObject>();
  return {
    cluster,
    namespace: eachLater(namespaces, (name, make) => {
      const made = make();
      // Made of the same objects, before they are let go: it is loaded after all namespaces.
      indexes.set(name, inNamespace(made));
      return made;
    }),
    index: {
      namespace: eachLater(namespaces, (name, make) => {
        const made = indexes.get(name) ?? inNamespace(make());
        indexes.delete(name);
        return made;
      }),
      cluster: inCluster(cluster),
      rows: rowsOf(rows),
      ...nodesIn(wasm, bulkhead, cluster),
    },
  };
}

function eachLater(
  namespaces: Arranged['namespaces'],
  make: (name: string, own: () => JsonObject) => JsonObject,
): JsonObject {
  return Object.fromEntries(
    [...namespaces].map(([name, own]) => [name, later(() => make(name, own))]),
  );
}

/** What the policies say of the Nodes, asked with these alone: most inputs have none. */
function nodesIn(
  wasm: Uint8Array | CompiledModule,
  bulkhead: EngineData['bulkhead'],
  cluster: JsonObject,
): JsonObject {
  const served = cluster['v1'];
  if (!isMap(served) || served['Node'] === undefined) return {};
  const alone = { cluster: { v1: { Node: served['Node'] } }, namespace: {} };
  return { nodes: createEngine(wasm, { bulkhead, inventory: alone }).nodeFacts() };
}
