import type { NodeClass, PlacedRole, Taint } from '../../../src/engine/admission.ts';
import { all, any, type Cel, choose, concat, listIf, text } from '../admission/cel.ts';
import { namesByEffect, namesOf, tolerates, wildcard } from '../nodes/taints.cel.ts';
import { type Refuses, reaches, reachingTerm, tolerated } from '../scheduling/feasibility.cel.ts';

/**
 * `lib.findings.intrusion.intrusions`: how a scheduler that respects taints can put the object's pod on nodes of the
 * reserved role, as a list of one finding or none. `term` is the index of the term.
 */
export function intrusions(role: PlacedRole, refuses: Refuses, term: Cel): Cel {
  const byGuards = sameGuards(role.classes, refuses);
  const found = byGuards.reduceRight(
    (rest, { condition, guards }) => choose(condition, `[${intrusion(role, guards, term)}]`, rest),
    '[]',
  );
  return listIf(`variables.way in ['scheduler', 'daemon'] && ${term} >= 0`, found);
}

/** The index of the first term by which a node of the role can be reached. */
export function firstTerm(role: PlacedRole, refuses: Refuses): Cel {
  const terms = role.classes.map((one) => reachingTerm(one, refuses));
  const [only] = terms;
  if (only !== undefined && terms.length === 1) return only;
  return `([${[...new Set(terms)].join(', ')}].filter(i, i >= 0) + [-1])[0]`;
}

// lib.findings.intrusion._passed: the guards of the first class whose taints the pod tolerates.
function sameGuards(classes: readonly NodeClass[], refuses: Refuses) {
  const found: { condition: Cel; guards: readonly Taint[] }[] = [];
  for (const one of classes) {
    const guards = one.guards ?? [];
    const condition = tolerated(one, refuses);
    const last = found.at(-1);
    if (last !== undefined && JSON.stringify(last.guards) === JSON.stringify(guards)) {
      last.condition = any(last.condition, condition);
    } else found.push({ condition, guards });
  }
  return found;
}

function intrusion({ name }: PlacedRole, guards: readonly Taint[], term: Cel): Cel {
  const index = `variables.tolerations.map(t, ${any(...guards.map((taint) => tolerates('t', taint)))}).indexOf(true)`;
  const isWildcard = `w >= 0 && ${wildcard('variables.tolerations[w]')}`;
  const effect = "variables.tolerations[w].?effect.orValue('')";
  const every =
    `'its toleration without a key tolerates every ' + (${effect} == '' ? '' : ${effect} + ' ')` +
    ` + 'taint, ' + (${namesByEffect(guards, effect)}) + ' included'`;
  const selection =
    `variables.has_affinity ? 'nodeSelectorTerms[' + string(${term}) + '] of its required node affinity also matches them'` +
    ` : variables.selector.size() > 0 ? 'its nodeSelector does not exclude them'` +
    ` : ${isWildcard} ? 'it has no nodeSelector or required node affinity' : 'has no nodeSelector or required node affinity'`;
  const says = concat(
    'variables.title',
    text(` can be scheduled onto ${name} nodes: `),
    `(${isWildcard} ? ${every} : ${text(`it tolerates ${namesOf(guards)}`)})`,
    "', and '",
    `(${selection})`,
  );
  const path = "variables.path + '.tolerations' + (w >= 0 ? '[' + string(w) + ']' : '')";
  return `[${index}].map(w, {'path': ${path}, 'says': ${says}})[0]`;
}

/** `lib.findings.intrusion.may_bypass` */
export function mayBypass(otherScheduler: Cel): Cel {
  return `variables.way in ['node', 'file'] || variables.way == 'scheduler' && ${otherScheduler}`;
}

/** `lib.findings.intrusion.bypasses`: how a pod that may bypass the scheduler reaches the role's nodes. */
export function bypasses(role: PlacedRole, refuses: Refuses): Cel {
  const says = concat(
    'variables.title',
    text(` bypasses the taints of ${role.name} nodes: `),
    "(variables.way == 'scheduler' ? 'scheduler ' + variables.pod.schedulerName + ' is not known to respect taints'" +
      " : (variables.way == 'file' ? 'it is a static pod on ' : 'nodeName puts it on ') + variables.node + ', which may be one of them')",
  );
  const path = "variables.path + (variables.way == 'scheduler' ? '.schedulerName' : '.nodeName')";
  const isReached = any(...role.classes.map((one) => reaches(one, refuses)));
  return listIf(all('variables.may_bypass', isReached), `[{'path': ${path}, 'says': ${says}}]`);
}

/** `lib.findings.intrusion.bindings`: how a Binding bypasses the role's taints. No node is known to be of no role. */
export function bindings({ name }: PlacedRole): Cel {
  const says = concat(
    "'Binding of '",
    'variables.pod_title',
    text(` bypasses the taints of ${name} nodes: it puts the pod on `),
    "object.target.name + ', which may be one of them'",
  );
  return `[{'path': 'target.name', 'says': ${says}}]`;
}
