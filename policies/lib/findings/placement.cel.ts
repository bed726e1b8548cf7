import type { Demand, NodeClass, PlacedRole, Taint } from '../../../src/engine/admission.ts';
import { all, any, type Cel, choose, joined, listIf, not, text } from '../admission/cel.ts';
import { name, namesOf, tolerates } from '../nodes/taints.cel.ts';
import {
  carried,
  covers,
  distinct,
  type Refuses,
  reaches,
  reachingTerm,
  TOLERATES_ALL,
  tolerated,
} from '../scheduling/feasibility.cel.ts';
import { TERMS } from '../workloads/pod_limits.cel.ts';

// Each finding has its path, and what it says after the name of the component.

/** `lib.findings.placement.obstacles`: why the pod can run on no node of the role. */
export function obstacles(role: PlacedRole, refuses: Refuses): Cel {
  const always = all(...role.worlds.map((classes) => reachesAny(classes, refuses)));
  const barred = any(
    ...role.worlds.map((classes) => all(...classes.map((one) => not(tolerated(one, refuses))))),
  );
  const isSelected = reachesAny(role.classes, TOLERATES_ALL);
  const cannot = ` cannot run on ${role.name} nodes: `;
  const taints = listIf(barred, taintObstacles(role, refuses, cannot));
  const selection = `[${selectionObstacle(role, `${cannot}its nodeSelector or required node affinity matches no ${role.name} node`)}]`;
  const other = `[${selectionObstacle(role, `${cannot}it requires the label of another role but does not tolerate the taint of that role`)}]`;
  const found = joined([taints, choose(isSelected, '[]', selection)]);
  return choose(always, '[]', choose(all(not(barred), isSelected), other, found));
}

/** `lib.findings.placement.gaps`: why the pod cannot run on every node of the role. */
export function gaps(role: PlacedRole, refuses: Refuses): Cel {
  const cannot = ` cannot run on every ${role.name} node: `;
  const missed = `${cannot}its nodeSelector or required node affinity does not match every ${role.name} node`;
  return choose(
    coversAll(role, refuses),
    '[]',
    joined([
      taintObstacles(role, refuses, cannot),
      choose(coversAll(role, TOLERATES_ALL), '[]', `[${selectionObstacle(role, missed)}]`),
    ]),
  );
}

function reachesAny(classes: readonly NodeClass[], refuses: Refuses): Cel {
  return any(...classes.map((one) => reaches(one, refuses)));
}

function coversAll(role: PlacedRole, refuses: Refuses): Cel {
  return all(...role.classes.map((one) => covers(one, refuses)));
}

function distinctCarried(role: PlacedRole): readonly Taint[] {
  return distinct(role.classes.flatMap(carried));
}

function taintObstacles(role: PlacedRole, refuses: Refuses, cannot: string): Cel {
  const byName = new Map<string, Cel>();
  for (const taint of distinctCarried(role)) {
    byName.set(name(taint), any(byName.get(name(taint)) ?? 'false', refuses(taint)));
  }
  return joined(
    [...byName].map(([taint, condition]) =>
      listIf(
        condition,
        `[{'path': variables.path + '.tolerations', 'says': ${text(`${cannot}it does not tolerate ${taint}`)}}]`,
      ),
    ),
  );
}

// The first pair of nodeSelector that the role's nodes may lack, else the affinity.
function selectionObstacle(role: PlacedRole, says: string): Cel {
  const had = [...new Set(role.classes.flatMap((one) => Object.keys(one.forced)))].flatMap(
    (key) => {
      const values = role.classes.map((one) => one.forced[key]);
      const [value] = values;
      return value !== undefined && values.every((one) => one === value)
        ? [`k == ${text(key)} && variables.selector[k] == ${text(value)}`]
        : [];
    },
  );
  const lacking = `variables.selector.filter(k, ${not(any(...had.map((one) => `(${one})`)))})`;
  const path = `${lacking}.size() > 0 ? variables.path + '.nodeSelector' + [${lacking}.map(k, string(k)).min()].map(k, ${step('k')})[0] : variables.path + ${text(TERMS.replace('.nodeSelectorTerms', ''))}`;
  return `{'path': ${path}, 'says': ${text(says)}}`;
}

/** A key as a path in words has it. */
function step(key: Cel): Cel {
  return `(${key}.matches(r'^[A-Za-z_$][0-9A-Za-z_$-]*$') ? '.' + ${key} : '["' + ${key} + '"]')`;
}

/**
 * `lib.findings.placement.escapes`: why the pod can run on a node that lacks the role's labels, or of a reserved role
 * that is apart from it. `term` is the index of the term by which it leaves.
 */
export function escapes(role: Demand['confining'][number], refuses: Refuses, term: Cel): Cel {
  const leaves = ` can run outside ${role.name} nodes: `;
  const required = `neither nodeSelector nor required node affinity requires ${role.marks}`;
  const outside =
    `variables.has_affinity ? [{'path': variables.path + '${TERMS}[' + string(${term}) + ']', ` +
    `'says': ${text(`${leaves}this nodeSelectorTerm also matches nodes without ${role.marks}`)}}]` +
    ` : variables.node != '' ? [{'path': variables.path + '.nodeName', ` +
    `'says': ${text(`${leaves}nodeName puts it on `)} + variables.node + ${text(`, and ${required}`)}}]` +
    ` : [{'path': variables.path + '.nodeSelector', 'says': ${text(`${leaves}${required}`)}}]`;
  const guarded = joined(
    role.apart.map((other) => {
      const says = `${leaves}it tolerates ${namesOf(other.taints)}, and its nodeSelector and required node affinity also match ${other.name} nodes`;
      return listIf(
        reachesAny(other.classes, refuses),
        `[{'path': ${toleratingPath(other.taints)}, 'says': ${text(says)}}]`,
      );
    }),
  );
  const isScheduled = "variables.way in ['scheduler', 'daemon']";
  const apart = listIf(isScheduled, guarded === '[]' ? guarded : `(${guarded})`);
  if (role.outside.length === 0) return apart;
  return `${term} >= 0 ? (${outside}) : ${apart}`;
}

/** The index of the first term by which the pod leaves the nodes of the role, -1 if there is none. */
export function escapingTerm({ outside }: PlacedRole, refuses: Refuses): Cel {
  const terms = [...new Set(outside.map((one) => reachingTerm(one, refuses)))];
  const [only] = terms;
  if (only !== undefined && terms.length === 1) return only;
  return `([${terms.join(', ')}].filter(i, i >= 0) + [-1])[0]`;
}

// lib.findings.placement._tolerating_path: the first toleration of one of the taints.
function toleratingPath(listed: readonly Taint[]): Cel {
  const index = `variables.tolerations.map(t, ${any(...listed.map((taint) => tolerates('t', taint)))}).indexOf(true)`;
  return `variables.path + '.tolerations' + [${index}].map(w, w >= 0 ? '[' + string(w) + ']' : '')[0]`;
}
