import { texts } from '../lib/admission/cel.ts';
import { type CelPolicy, type Scene, Variables } from '../lib/admission/policy.ts';
import { labels, listedTaints, ofNode } from '../lib/findings/node_labels.cel.ts';

/**
 * A Node alone: kubelets that workloads start, and files, are left to other engines. Undefined where no role demands
 * anything of its nodes.
 */
export function policy({ facts }: Scene): CelPolicy | undefined {
  const found = ofNode(facts);
  if (found === '[]') return undefined;
  const keys = facts.nodeRoles.flatMap(({ pairs, marking, lacked }) => [
    ...pairs.map(({ key }) => key),
    ...marking,
    ...lacked,
  ]);
  const taints = facts.nodeRoles.flatMap((role) =>
    [...role.taints, ...role.sets.flat()].map(({ key }) => key),
  );
  const variables = new Variables();
  variables.add('title', "'Node ' + object.metadata.name");
  variables.add('labels', labels('object'));
  variables.add('old_labels', labels('oldObject'));
  variables.add('taints', listedTaints(facts));
  // A kubelet that registers its Node may not give it a label of a role.
  variables.add(
    'registers',
    "request.operation == 'CREATE' && has(request.userInfo.groups) && 'system:nodes' in request.userInfo.groups",
  );
  return {
    checks: ['nodes', 'nodes/status'].map((resource) => ({ group: '', resource })),
    about: 'nodes',
    changed: changed([...new Set(keys)], [...new Set(taints)]),
    variables: variables.all,
    found,
  };
}

// What a kubelet, a cordon or the node lifecycle changes must pass, on a Node that was at fault before as well.
function changed(keys: readonly string[], taints: readonly string[]): string {
  const listed = (node: string) =>
    `${node}.spec.?taints.orValue([]).filter(t, t.key in ${texts(taints)})` +
    ".map(t, t.key + '=' + t.?value.orValue('') + ':' + t.effect)";
  return (
    `${texts(keys)}.exists(k, ${labels('object')}[?k] != ${labels('oldObject')}[?k])` +
    ` || ${listed('object')} != ${listed('oldObject')}`
  );
}
