import type { JsonValue } from '../kubernetes/json.ts';
import { isMap, reference } from '../kubernetes/objects.ts';
import type { Policy } from '../policy/policy.ts';
import type { Location, ReadCluster, ReadKind, Report } from '../report/report.ts';
import type { Context } from './context.ts';
import { objectName } from './names.ts';
import type { Page } from './page.ts';
import { counted, padTo, thousands, visible, widthOf } from './text.ts';
import { wrap } from './wrap.ts';

/** How the places of a report on a live cluster start: they are in no file that anyone has. */
const LIVE = 'cluster:';

/** Whether a report is about a live cluster, or one that was saved. */
export function liveCluster({ read }: Pick<Report, 'read'>): ReadCluster | undefined {
  return read.find(({ file }) => isLive(file))?.cluster;
}

/** Whether a place is in a cluster. */
export function isLive(file: string | null): boolean {
  return file?.startsWith(LIVE) === true;
}

/**
 * Makes what names the object at a place of a cluster, whose text has an object on each line: `Deployment shop/web`. Without a line it
 * is the cluster.
 */
export function liveNames(
  source: Context['source'],
): (place: Pick<Location, 'file' | 'line'>) => string {
  const lines = new Map<string, readonly string[]>();
  return ({ file, line }) => {
    const name = file ?? '';
    const cluster = visible(`cluster ${name.slice(LIVE.length)}`);
    if (line === null) return cluster;
    const known = lines.get(name) ?? source(name)?.split('\n') ?? [];
    lines.set(name, known);
    const object = parsed(known[line - 1] ?? '');
    return isMap(object) ? objectName(reference(object)) : cluster;
  };
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first lines of a page: which cluster, and when it was read. */
export function clusterLines(report: Report, { width }: Page): readonly string[] {
  const cluster = liveCluster(report);
  if (cluster === undefined) return [];
  const { context, server, namespace, at, kinds } = cluster;
  const nodes = kinds.find(({ resource }) => resource === 'nodes')?.objects ?? null;
  const time = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
  const parts = [
    `${namespace === null ? 'Cluster' : `Namespace ${visible(namespace)} of cluster`} ${visible(context)} (${visible(server)})`,
    ...(nodes === null ? [] : [counted(nodes, 'node')]),
    counted(report.summary.objects, 'object'),
    `read on ${visible(time)}`,
  ];
  return wrap(`${parts.join(', ')}.`, { width, first: '', rest: '' });
}

/** What could not be read of a cluster, and what was not checked for that reason. */
export function gapLines(
  report: Report,
  page: Page,
  policies: readonly Policy[],
): readonly string[] {
  const cluster = liveCluster(report);
  const unread = cluster?.kinds.filter(isUnread) ?? [];
  if (cluster === undefined || unread.length === 0) return [];
  const { context, user, kinds } = cluster;
  const by = user === null ? '' : ` by user ${visible(user)}`;
  const column = Math.max(...unread.map(({ resource }) => widthOf(visible(resource))));
  const paragraph = (text: string) => wrap(text, { width: page.width, first: '', rest: '' });
  const rows = unread.flatMap(({ resource, state, reason }) => {
    const first = `  ${padTo(visible(resource), column)}  `;
    const said = state === 'forbidden' ? 'forbidden' : visible(reason ?? 'not readable');
    return wrap(said, { width: page.width, first, rest: ' '.repeat(column + 4) });
  });
  return [
    ...paragraph(`Not readable in cluster ${visible(context)}${by}:`).map((line) =>
      page.paint('error', line),
    ),
    ...rows,
    ...uncheckedText(report, kinds, policies).flatMap(paragraph),
    ...(unread.some(({ state }) => state === 'forbidden')
      ? [
          '',
          // A command that was broken into lines would be another one when it is pasted.
          `To get the rights: bulkhead audit --print-rbac${subject(user)} | kubectl apply -f -`,
        ]
      : []),
  ];
}

function isUnread({ state }: ReadKind): boolean {
  return state === 'forbidden' || state === 'unreadable';
}

/** A user whose name a shell would read as something else is left to the reader. */
function subject(user: string | null): string {
  return user !== null && /^[A-Za-z0-9][A-Za-z0-9@._:/-]*$/.test(user)
    ? ` --as ${user}`
    : ' --as USER';
}

function uncheckedText(
  { policies: { off, notAsked = [] } }: Report,
  kinds: readonly ReadKind[],
  policies: readonly Policy[],
): readonly string[] {
  const has = (policy: Policy, { kind, group }: ReadKind) =>
    policy.kinds.some((one) => one.kind === kind && one.groups.includes(group));
  const asked = policies.filter(({ id }) => !off.includes(id));
  const touched = asked.filter(
    (policy) =>
      notAsked.includes(policy.id) || kinds.some((kind) => isUnread(kind) && has(policy, kind)),
  );
  const without = touched.filter(
    (policy) =>
      notAsked.includes(policy.id) ||
      // Of a policy that is about Nodes, what else it checks is hardly ever in a cluster.
      kinds.some((kind) => kind.resource === 'nodes' && isUnread(kind) && has(policy, kind)) ||
      !kinds.some((kind) => kind.state === 'listed' && has(policy, kind)),
  );
  const partly = touched.filter((policy) => !without.includes(policy)).map(({ id }) => id);
  const isWithoutNodes = kinds.some((kind) => kind.resource === 'nodes' && isUnread(kind));
  return [
    ...(without.length > 0
      ? [`Not checked for that reason: ${without.map(({ id }) => id).join(', ')}.`]
      : []),
    ...(partly.length > 0 ? [`Checked without these objects: ${partly.join(', ')}.`] : []),
    ...(isWithoutNodes
      ? ["Placement was checked by the profile's roles, not by the nodes of the cluster."]
      : []),
  ];
}

/** The kinds that components are of. */
const OF_COMPONENTS = [
  'Pod',
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'Job',
  'CronJob',
];

/** Whether components may be there that could not be read. */
export function mayHideComponents(report: Pick<Report, 'read'>): boolean {
  const kinds = liveCluster(report)?.kinds ?? [];
  return kinds.some((kind) => isUnread(kind) && OF_COMPONENTS.includes(kind.kind));
}

/** The codes of errors that the lines on kinds say better. */
export const OF_KINDS: readonly string[] = ['KIND_FORBIDDEN', 'KIND_UNREADABLE'];

/** How many objects were checked, in which cluster, and that no component is missing. */
export function checkedInCluster(report: Report, profile: string): string | undefined {
  const cluster = liveCluster(report);
  if (cluster === undefined) return undefined;
  const { objects, checked } = report.summary;
  const share = checked === objects ? '' : `${thousands(checked)} of `;
  const count = report.components.length;
  const isAll = report.components.every(({ state }) => state === 'present');
  const found =
    report.scope === 'cluster' && isAll && count > 0
      ? ` All ${counted(count, 'component')} found.`
      : '';
  return `Checked ${share}${counted(objects, 'object')} of cluster ${visible(cluster.context)} against ${profile}.${found}`;
}
