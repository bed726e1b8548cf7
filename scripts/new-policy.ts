import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.ts';

// Creates a policy: a rule and cases to complete. The tests fail until both are written.

const [id = ''] = process.argv.slice(2);
const directory = join(ROOT, 'policies', id);
if (!/^[a-z]+(?:-[a-z]+)*$/.test(id) || existsSync(directory)) {
  process.stderr.write(
    'name a new policy after the fault that it finds: make new-policy NAME=some-fault\n',
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

import data.lib.findings.findings
import data.lib.table.subjects
import data.lib.workloads.workloads

# METADATA
# entrypoint: true
violation contains findings.violation(msg, {
	"path": ["metadata"],
	"component": subject.component,
	"fix": findings.advice("How to fix it."),
}) if {
	some subject in subjects.of(input.review.object, input.parameters)
	msg := concat("", [workloads.title(input.review.object), " has the fault"])
}
`;
}

function cases(): string {
  return `# The cases of this policy: each row is run through WASM, Gatekeeper and conftest.
# The profile is tectonic-1.6.4, unless a row replaces parts of it.

- name: what the policy finds, in a sentence
  docs: true
  object: {apiVersion: apps/v1, kind: Deployment, metadata: {name: kube-dns, namespace: kube-system}}
  expect: []
`;
}
