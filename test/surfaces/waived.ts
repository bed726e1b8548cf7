import type { Waiver, WaiverMatch } from '../../src/config/waiver.ts';
import type { Path } from '../../src/errors.ts';
import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { sized } from '../support/settings.ts';
import { wasm, wholeView } from './differences.ts';
import { DEMANDING } from './profiles.ts';
import { type Scene, type SurfaceFinding, settingKey } from './scene.ts';

// Scenes with waivers, of which some apply and others almost do.

/** A waiver that every surface has. */
export function waiver(policy: string, match: WaiverMatch, path?: Path): Waiver {
  return {
    policies: [policy],
    match,
    ...(path !== undefined && { path }),
    reason: 'It is accepted in this test.',
    owner: 'team-test',
    expires: 'never',
    place: { file: 'bulkhead.yaml', line: 1, column: 1 },
  };
}

type Way = (
  match: WaiverMatch,
  path: Path,
) => Pick<Waiver, 'match'> & Partial<Pick<Waiver, 'path'>>;

/** Ways to waive a finding. */
const WAYS: readonly Way[] = [
  (match) => ({ match }),
  (match) => ({ match: { ...match, name: `${match.name.slice(0, 3)}*` } }),
  (match, path) => ({ match, path }),
  (match, path) => ({ match, path: path.map((step) => (typeof step === 'number' ? '*' : step)) }),
];

/** A row with a fault, and its policy. */
interface FaultyRow {
  readonly policy: string;
  readonly name: string;
  readonly scene: Scene;
}

/** The rows for each policy: each has a Constraint of its own, and takes seconds. */
const EACH = sized(1, 2);

/** Rows of each policy in which all that the policy finds is waived. Rows of one profile share their waivers. */
export function waivedRows(rows: readonly FaultyRow[]): ReadonlyMap<string, Scene> {
  const waivable = rows.filter(({ scene }) => isWaivable(scene.reviewed));
  const policies = [...new Set(waivable.map(({ policy }) => policy))];
  const chosen = policies.flatMap((id) =>
    waivable.filter(({ policy }) => policy === id).slice(0, EACH),
  );
  const waivers = new Map<string, Waiver[]>();
  for (const [index, row] of chosen.entries()) {
    const key = settingKey(row.scene);
    waivers.set(key, [...(waivers.get(key) ?? []), ...waiversFor(row, index)]);
  }
  return new Map(
    chosen.map(({ policy, name, scene }) => [
      `${policy} is waived: ${name}`,
      { ...scene, waivers: waivers.get(settingKey(scene)) ?? [] },
    ]),
  );
}

function waiversFor({ policy, scene }: FaultyRow, index: number): readonly Waiver[] {
  const way = WAYS[index % WAYS.length];
  if (way === undefined) return [];
  return wasm(wholeView(scene))
    .filter((finding) => finding.policy === policy)
    .map((finding) => {
      const { match, path } = way(matchOf(finding), pathOf(finding));
      return waiver(policy, match, path);
    });
}

function isWaivable(object: JsonObject | undefined): boolean {
  const { name, namespace, generateName } = Object(object?.['metadata']);
  const isOfCluster = object?.['kind'] === 'Node';
  return (
    typeof name === 'string' &&
    generateName === undefined &&
    (isOfCluster || typeof namespace === 'string')
  );
}

function pathOf({ path }: SurfaceFinding): Path {
  const steps: readonly JsonValue[] = Array.isArray(path) ? path : [];
  return steps.map((step) => (typeof step === 'number' ? step : String(step)));
}

function matchOf({ object }: SurfaceFinding): WaiverMatch {
  const [namespace = '', kind = '', name = ''] = object.split('/');
  return { kind, ...(namespace !== '' && { namespace }), name };
}

const TOLERATIONS = ['spec', 'template', 'spec', 'tolerations'];
const INTRUSION = 'control-plane-intrusion';

/** Workloads that tolerate everything, by whether a waiver is for them. */
const ALMOST: Readonly<Record<'waived' | 'open', readonly JsonObject[]>> = {
  waived: [
    workload('apps/v1', 'DaemonSet', { namespace: 'logging', name: 'agent' }),
    workload('apps/v1', 'Deployment', { namespace: 'logging', name: 'agent-1' }),
    workload('extensions/v1beta1', 'DaemonSet', { namespace: 'old', name: 'agent' }),
    workload('apps.kruise.io/v1alpha1', 'DaemonSet', { namespace: 'kruise', name: 'agent' }),
    workload('apps/v1', 'DaemonSet', { namespace: 'paths', name: 'right' }),
  ],
  open: [
    workload('apps/v1', 'DaemonSet', { namespace: 'paths', name: 'short' }),
    workload('apps/v1', 'DaemonSet', { namespace: 'paths', name: 'long' }),
    workload('apps/v1', 'DaemonSet', { namespace: 'paths', name: 'other' }),
    workload('apps/v1', 'DaemonSet', { namespace: 'logging-2', name: 'agent' }),
    workload('apps/v1', 'DaemonSet', { namespace: 'loggin', name: 'agent' }),
    workload('apps/v1', 'DaemonSet', { name: 'agent' }),
    workload('apps/v1', 'DaemonSet', { namespace: '', name: 'agent' }),
    workload('apps/v1', 'DaemonSet', { namespace: 'logging', name: 'agent-2' }),
    workload('apps/v1', 'DaemonSet', { namespace: 'logging', name: 'Agent' }),
    workload('apps/v1', 'DaemonSet', { namespace: 'logging', name: 'agent\n' }),
    workload('apps/v1', 'StatefulSet', { namespace: 'logging', name: 'agent' }),
    workload('apps.kruise.io/v1alpha1', 'DaemonSet', { namespace: 'logging', name: 'agent' }),
    workload('apps/v1', 'Deployment', { namespace: 'logging', name: 'agent' }),
    workload('apps/v1', 'Deployment', { namespace: 'logging', generateName: 'agent-' }),
    workload('apps/v1', 'Deployment', {
      namespace: 'logging',
      name: 'agent-x2',
      generateName: 'agent-',
    }),
    workload('apps/v1', 'Deployment', { namespace: 'logging', name: 'agent-\u200b' }),
    workload('apps/v1', 'Deployment', {
      namespace: 'shop',
      name: 'web',
      labels: { app: 'agent' },
      annotations: { 'bulkhead.dev/waive': `${INTRUSION} until never by me: it is mine` },
    }),
  ],
};

/** Nodes of the control plane that lack its taint. */
const NODES = { waived: node({ name: 'old-1' }), open: node({ name: 'new-1' }) };

/** What the waivers of {@link ALMOST_WAIVED} leave open, by the names of the objects. */
export const LEFT_OPEN: readonly JsonObject[] = [...ALMOST.open, NODES.open];

/** Objects that waivers are for, and such that almost fit them. */
export const ALMOST_WAIVED: Scene = {
  profile: DEMANDING,
  objects: [...ALMOST.waived, NODES.waived, ...LEFT_OPEN],
  waivers: [
    waiver(INTRUSION, { kind: 'DaemonSet', namespace: 'logging', name: 'agent' }),
    waiver(INTRUSION, { kind: 'DaemonSet', namespace: 'old', name: 'agent' }),
    waiver(INTRUSION, { kind: 'Deployment', namespace: 'logging', name: 'agent-*' }),
    waiver(INTRUSION, {
      kind: 'DaemonSet',
      group: 'apps.kruise.io',
      namespace: 'kruise',
      name: 'agent',
    }),
    ...Object.entries({
      right: [...TOLERATIONS, '*'],
      short: TOLERATIONS,
      long: [...TOLERATIONS, '*', 'operator'],
      other: [...TOLERATIONS, 1],
    }).map(([name, path]) =>
      waiver(INTRUSION, { kind: 'DaemonSet', namespace: 'paths', name }, path),
    ),
    waiver('scheduler-bypass', { kind: 'DaemonSet', namespace: 'logging', name: '*' }),
    waiver('untainted-control-plane-node', { kind: 'Node', name: 'old-*' }),
    waiver('untainted-control-plane-node', { kind: 'Node', namespace: 'shop', name: 'new-1' }),
  ],
};

/** The policies of which the scene is about. */
export const ALMOST_POLICIES: readonly string[] = [INTRUSION, 'untainted-control-plane-node'];

function workload(apiVersion: string, kind: string, metadata: JsonObject): JsonObject {
  const labels = { app: 'agent' };
  const spec = { tolerations: [{ operator: 'Exists' }], containers: [{ name: 'c', image: 'i' }] };
  const template = { metadata: { labels }, spec };
  return { apiVersion, kind, metadata, spec: { selector: { matchLabels: labels }, template } };
}

function node(metadata: JsonObject): JsonObject {
  const labels = { 'node-role.kubernetes.io/control-plane': '' };
  return { apiVersion: 'v1', kind: 'Node', metadata: { ...metadata, labels }, spec: {} };
}
