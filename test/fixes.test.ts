import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Case, readCases } from '../scripts/cases.ts';
import { inventoryOf } from '../src/engine/inventory.ts';
import { loadPolicySync } from '../src/engine/sdk.ts';
import type { JsonObject, JsonValue } from '../src/kubernetes/json.ts';
import { bind, wholeTable } from '../src/policy/parameters.ts';
import { builtBulkhead, textOf } from './support/bulkhead.ts';

// Every fix with edits, of every row of every cases.yaml: once they are applied, the finding is gone.

interface Edit {
  readonly op: 'set' | 'add' | 'remove';
  readonly path: readonly (string | number)[];
  readonly value?: JsonValue;
}

interface Found {
  readonly policy: string;
  readonly msg: string;
  readonly details: {
    readonly path: readonly (string | number)[];
    readonly fix?: { readonly title: string; readonly edits: readonly Edit[] };
  };
}

const bulkhead = builtBulkhead();
const base = textOf('profiles/tectonic-1.6.4/profile.yaml');
const read = bulkhead.catalogue.policies.flatMap(({ inventory }) => inventory);
const wasm = loadPolicySync(bulkhead.wasm, { initial: 1024 });

for (const { id } of bulkhead.catalogue.policies) {
  const file = `policies/${id}/cases.yaml`;
  describe(id, () => {
    for (const row of readCases(file, textOf(file), base)) {
      const fixes = findings(id, row, row.object).flatMap(({ msg, details }) =>
        details.fix === undefined || details.fix.edits.length === 0
          ? []
          : [{ msg, ...details.fix }],
      );
      for (const { msg, title, edits } of fixes) {
        test(`${row.name}: ${title}`, () => {
          const left = findings(id, row, applied(row.object, edits));
          assert.ok(!left.some((found) => found.msg === msg));
        });
      }
    }
  });
}

function findings(id: string, { profile, object, inventory, request }: Case, edited: JsonObject) {
  const others = inventory.filter((other) => !isSame(other, object));
  wasm.setData({
    bulkhead: {
      parameters: Object.fromEntries(bind(bulkhead.catalogue, profile)),
      table: wholeTable(profile),
    },
    inventory: inventoryOf([...others, edited], read),
  });
  const [{ result }] = wasm.evaluate(
    { review: { ...request, object: edited } },
    'entry/verdict',
  ) as [{ result: { findings: readonly Found[] } }];
  return result.findings.filter(({ policy }) => policy === id);
}

function isSame(one: JsonObject, other: JsonObject): boolean {
  const key = ({ kind, metadata }: JsonObject) => {
    const { name, namespace } = (metadata ?? {}) as JsonObject;
    return JSON.stringify([kind, namespace, name]);
  };
  return key(one) === key(other);
}

/** A copy of the object with the edits; the place of each must be there, or, for `add`, must not be. */
function applied(object: JsonObject, edits: readonly Edit[]): JsonObject {
  const copy: unknown = structuredClone(object);
  for (const { op, path, value } of edits) {
    const key = path.at(-1) ?? '';
    const holder = path
      .slice(0, -1)
      .reduce((at, step) => (at as Record<string | number, unknown>)[step], copy) as Record<
      string | number,
      unknown
    >;
    assert.equal(key in holder, op !== 'add', `${op} ${path.join('.')}`);
    if (op !== 'remove') holder[key] = value;
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }
  return copy as JsonObject;
}
