import type { JsonObject } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { Resource } from '../kubernetes/resources.ts';
import { createEngine, type EngineData } from './engine.ts';
import { indexOf, patternsOf, rowsOf } from './inventory-index.ts';
import type { CompiledModule } from './module.ts';

/**
 * Returns an inventory with its index (`lib.api.inventory`), of which the policies themselves say what it has of the
 * Nodes.
 *
 * @param resources the kinds of the inventory.
 * @throws EngineError if they do not answer.
 */
export function indexed(
  wasm: Uint8Array | CompiledModule,
  bulkhead: EngineData['bulkhead'],
  inventory: JsonObject,
  resources: readonly Resource[],
): JsonObject {
  const rows = bulkhead.table.components ?? [];
  const index = {
    ...indexOf(inventory, resources, patternsOf(rows)),
    rows: rowsOf(rows),
    ...nodesIn(wasm, bulkhead, inventory),
  };
  return { ...inventory, index };
}

/** What the policies say of the Nodes, asked with these alone: most inputs have none. */
function nodesIn(
  wasm: Uint8Array | CompiledModule,
  bulkhead: EngineData['bulkhead'],
  { cluster }: JsonObject,
): JsonObject {
  const served = isMap(cluster) ? cluster['v1'] : undefined;
  if (!isMap(served) || served['Node'] === undefined) return {};
  const alone = { cluster: { v1: { Node: served['Node'] } }, namespace: {} };
  return { nodes: createEngine(wasm, { bulkhead, inventory: alone }).nodeFacts() };
}
