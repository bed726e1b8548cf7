import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.ts';

// Starts a policy: its rule, its table of cases. Both say what is still to be written, and the tests
// fail until it is.

const [id = ''] = process.argv.slice(2);
const directory = join(ROOT, 'policies', id);
if (!/^[a-z]+(?:-[a-z]+)*$/.test(id) || existsSync(directory)) {
  process.stderr.write(
    'name a new policy after the fault it finds: make new-policy NAME=some-fault\n',
  );
  process.exit(2);
}
mkdirSync(directory);
writeFileSync(join(directory, 'policy.rego'), rule(id));
writeFileSync(join(directory, 'cases.yaml'), cases());
process.stdout.write(`policies/${id}: write policy.rego and cases.yaml, then make generate test\n`);

function rule(name: string): string {
  const title = name.replaceAll('-', ' ');
  return `# METADATA
# title: ${title.charAt(0).toUpperCase()}${title.slice(1)}
# description: >-
#   The fault, in one sentence.
# related_resources:
#   - https://kubernetes.io/docs/
# custom:
#   category: placement
#   severity: error
#   kinds: [workload]
#   columns: []
#   admission: deny
#   rationale: >-
#     Why the fault matters.
#   remediation: >-
#     How to fix it.
package policies["${name}"]

import data.lib.table.components
import data.lib.table.owners

# METADATA
# entrypoint: true
violation contains {"msg": msg, "details": {"path": ["metadata"], "component": row.name}} if {
	not owners.judged_there(input.review.object)
	some row in components.rows_of(input.review.object, input.parameters.components)
	msg := concat("", [row.name, " has the fault"])
}
`;
}

function cases(): string {
  return `# The law of this policy by example: each row is run through WASM, Gatekeeper and conftest.
# Unless a row says otherwise, the profile is tectonic-1.6.4.

- name: the law that the policy holds, in a sentence
  docs: true
  object: {apiVersion: apps/v1, kind: Deployment, metadata: {name: kube-dns, namespace: kube-system}}
  expect: []
`;
}
