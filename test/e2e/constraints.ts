import assert from 'node:assert/strict';
import { constraintKind } from '../../src/gatekeeper/names.ts';
import { builtBulkhead } from '../support/bulkhead.ts';
import { type Cluster, until } from './cluster.ts';
import { succeed } from './gatekeeper.ts';

const { policies } = builtBulkhead().catalogue;

/** Applies the Constraints of a stage, and waits until they are enforced. */
export async function roll(cluster: Cluster, directory: string): Promise<void> {
  await succeed(cluster, ['apply', '-k', directory]);
  await enforced(cluster);
}

/** Waits until every Constraint is enforced as it was last written. */
export async function enforced(cluster: Cluster): Promise<void> {
  await until('the Constraints to be enforced', async () => {
    const found: readonly Constraint[] = JSON.parse(
      await cluster.print(['get', 'constraints', '-o', 'json']),
    ).items;
    const isEnforced = ({ metadata, status }: Constraint) =>
      (status?.byPod ?? []).some(
        (pod) => pod.enforced === true && pod.observedGeneration === metadata.generation,
      );
    return (found.length > 0 && found.every(isEnforced)) || undefined;
  });
}

export interface Constraint {
  readonly kind: string;
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly auditTimestamp?: string;
    readonly totalViolations?: number;
    readonly byPod?: readonly { enforced?: boolean; observedGeneration?: number }[] | null;
    readonly violations?: readonly {
      readonly kind: string;
      readonly namespace?: string;
      readonly name: string;
      readonly message: string;
    }[];
  };
}

/** Waits until every template of a release is compiled. */
export async function compiled(cluster: Cluster, release: string): Promise<void> {
  await until(`the templates of ${release}`, async () => {
    const { items } = JSON.parse(await cluster.print(['get', 'constrainttemplates', '-o', 'json']));
    const isCompiled = ({ metadata, status }: Template) =>
      metadata.annotations['metadata.gatekeeper.sh/version'] === release &&
      (status?.byPod ?? []).some(
        (pod) => pod.observedGeneration === metadata.generation && pod.errors === undefined,
      );
    return items.every(isCompiled) || undefined;
  });
}

interface Template {
  readonly metadata: {
    readonly generation: number;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly status?: {
    readonly byPod?: readonly { observedGeneration?: number; errors?: unknown }[];
  };
}

/** Returns the Constraints after an audit that starts after this call. */
export async function audited(cluster: Cluster): Promise<readonly Constraint[]> {
  const now = new Date(Date.now() + 1000).toISOString();
  return until('an audit', async () => {
    const { items } = JSON.parse(await cluster.print(['get', 'constraints', '-o', 'json']));
    const isDone = ({ status }: Constraint) => (status?.auditTimestamp ?? '') > now;
    return items.every(isDone) ? items : undefined;
  });
}

/** Gatekeeper truncates messages in a status. */
const LONGEST_MESSAGE = 256;

export function counted(
  policy: string,
  { kind, namespace, name, message }: Omit<Violation, 'name'> & { readonly name?: string | null },
): string {
  return `${policy} ${namespace ?? ''}/${kind}/${name} ${message.slice(0, LONGEST_MESSAGE)}`;
}

interface Violation {
  readonly kind: string;
  readonly namespace?: string | null;
  readonly name: string;
  readonly message: string;
}

export function policyOf(kind: string): string {
  const found = policies.find(({ id }) => constraintKind(id) === kind);
  assert.ok(found, kind);
  return found.id;
}
