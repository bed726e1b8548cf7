import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readCalls, readReach } from './reach.ts';
import { tool } from './tools.ts';

const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'));
after(() => rmSync(directory, { recursive: true }));

const LIBRARIES = {
  inventory: `package lib.api.inventory

in_cluster(kind) := [obj | some obj in data.inventory.cluster[_][kind]]

has_nodes if count(in_cluster("Node")) > 0

group(text) := split(text, "/")[0]`,
  owners: `package lib.table.owners

import data.lib.api.inventory

controlled(obj) if count(_classes) > count(inventory.group(obj.kind))

_classes := inventory.in_cluster("RuntimeClass")

unused(kind, parameters) := [inventory.in_cluster(kind), parameters.nodeLabels]

of(parameters) := object.get(parameters, "schedulers", [])`,
};

/** The plan of a policy with this body. */
function planOf(body: string): unknown {
  const files = Object.entries({
    ...LIBRARIES,
    policy: `package policies["some-fault"]

import data.lib.api.inventory
import data.lib.table.owners

violation contains "found" if {
${body}
}`,
  });
  const sources = join(directory, 'policies');
  mkdirSync(sources, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(sources, `${name}.rego`), `${text}\n`);
  const archive = join(directory, 'bundle.tar.gz');
  const entry = 'policies/some-fault/violation';
  execFileSync(tool('opa'), ['build', '-t', 'plan', '-e', entry, '-o', archive, sources]);
  const plan = execFileSync('tar', ['-xzOf', archive, '/plan.json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(plan);
}

/** What a policy with this body reads. */
function reachOf(body: string) {
  return readReach(planOf(body)).get('some-fault');
}

test('a policy reads what the rules that it calls read, directly and indirectly', () => {
  assert.deepEqual(reachOf('owners.controlled(input.review.object)'), {
    readers: new Map([['lib.table.owners', new Set(['RuntimeClass'])]]),
    parameters: [],
  });
});

test('a package that calls other rules of lib.api.inventory is not a reader', () => {
  assert.deepEqual(reachOf('inventory.group(input.review.object.kind) == ""')?.readers, new Map());
});

test('a reader that names no kind is a reader too', () => {
  const { readers } = reachOf('count(inventory.in_cluster(input.review.object.kind)) > 0') ?? {};
  assert.deepEqual(readers, new Map([['policies.some-fault', new Set()]]));
});

test('the parameters are those that the rules read, also as arguments of other rules', () => {
  const { parameters } = reachOf('count(owners.of(input.parameters)) > input.parameters.x') ?? {};
  assert.deepEqual(parameters, ['schedulers']);
  assert.deepEqual(reachOf('input.parameters.components')?.parameters, ['components']);
});

test('a rule calls what it names, also in comprehensions, under a negation and beside a `with`', () => {
  const calls = readCalls(
    planOf(`  not owners.controlled(input.review.object)
  found := [word | some word in owners.of(input.parameters); inventory.group(word) == ""]
  count(found) > 0
  owners.controlled(found) with data.inventory as {}`),
  );
  assert.deepEqual(
    calls.get('policies.some-fault.violation'),
    new Set(['lib.table.owners.controlled', 'lib.table.owners.of', 'lib.api.inventory.group']),
  );
  assert.deepEqual(
    calls.get('lib.table.owners.controlled'),
    new Set(['lib.table.owners._classes', 'lib.api.inventory.group']),
  );
  assert.deepEqual(
    calls.get('lib.table.owners._classes'),
    new Set(['lib.api.inventory.in_cluster']),
  );
  assert.equal(calls.get('lib.table.owners.unused'), undefined);
});
