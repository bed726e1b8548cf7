import type { LabelState, NodeClass, Taint } from '../../../src/engine/admission.ts';
import { all, any, type Cel, choose, FALSE, not, TRUE, text, texts } from '../admission/cel.ts';
import {
  holdsAbsent,
  holdsValue,
  satisfiableAt,
  satisfiableByValue,
} from '../api/label_requirements.cel.ts';
import { validValue } from '../api/labels.cel.ts';
import { name } from '../nodes/taints.cel.ts';
import { namePossible, usable } from './node_affinity.cel.ts';

// What a term says of the labels that the profile knows is computed once, as facts: `key=value` if the term can be
// met by a node with that value, `!key` without the label, `key=*` with some other value, `=key` with any, `key` if it
// asks for the label at all, `*` if it asks for anything else. A term that no node can meet has no facts. Whether a
// class has a node that meets the term is then a formula over its facts, which is known when the policy is made.

/** Whether a taint keeps the pod off a node that has it. */
export type Refuses = (taint: Taint) => Cel;

/** A pod that tolerates everything (`lib.scheduling.pods.tolerating_all`). */
export const TOLERATES_ALL: Refuses = () => FALSE;

/** The labels of which classes say something. */
function knownKeys(classes: readonly NodeClass[]): readonly string[] {
  const keys = classes.flatMap((one) => [
    ...Object.keys(one.forced),
    ...Object.keys(one.states),
    ...one.present,
    ...one.absent,
    ...one.known,
    ...one.forbidden.map(({ key }) => key),
    ...Object.keys(one.taints_by_label),
    ...Object.keys(one.taints_by_key),
  ]);
  return [...new Set(keys)].sort();
}

/** The facts of each term of the pod, given the labels that classes know. */
export function facts(classes: readonly NodeClass[]): Cel {
  const keys = knownKeys(classes);
  const known = keys.map(
    (key) =>
      `${text(key)}: e.filter(r, r.key == ${text(key)}) + (${text(key)} in variables.selector` +
      ` ? ${pair(text(key))} : [])`,
  );
  const said = keys.flatMap((key) => factsOf(key, classes));
  const terms = 'variables.has_affinity ? variables.node_selector_terms : [dyn({})]';
  return (
    `(${terms}).map(t, [t.?matchExpressions.orValue([])].map(e, ` +
    `${usable('e', 't.?matchFields.orValue([])')} && ${namePossible('t.?matchFields.orValue([])')} && ` +
    `${othersPossible(keys)} ? ` +
    `[${map(known)}].map(k, ${map([`'*': ${asksOthers(keys)}`, ...said])})[0] : {})[0])`
  );
}

function map(entries: readonly string[]): Cel {
  return entries.length === 0 ? '{}' : `{${entries.join(', ')}}`;
}

// A requirement on a label that no class knows, or on the name.
function asksOthers(keys: readonly string[]): Cel {
  const isOther = (key: Cel) => (keys.length === 0 ? TRUE : `!(${key} in ${texts(keys)})`);
  return (
    `t.?matchFields.orValue([]).size() > 0 || e.exists(r, ${isOther('r.key')})` +
    ` || variables.selector.exists(s, ${isOther('s')})`
  );
}

/** A pair of nodeSelector as a requirement. */
function pair(key: Cel): Cel {
  return `[{'key': dyn(${key}), 'operator': dyn('In'), 'values': dyn([variables.selector[${key}]])}]`;
}

// A label that no class knows is free: it may be absent, or have any value.
function othersPossible(keys: readonly string[]): Cel {
  const isKnown = keys.length === 0 ? FALSE : `r.key in ${texts(keys)}`;
  const requirements = `e.filter(s, s.key == r.key) + (r.key in variables.selector ? ${pair('r.key')} : [])`;
  const ofTerm = `e.all(r, ${isKnown} || [${requirements}].all(s, ${satisfiableAt('r', 's', 'variables.selector')}))`;
  return `variables.selector_possible && ${ofTerm}`;
}

/** Whether nodes can have the pairs of nodeSelector whose labels no class knows. */
export function selectorPossible(classes: readonly NodeClass[]): Cel {
  const keys = knownKeys(classes);
  const isKnown = keys.length === 0 ? FALSE : `k in ${texts(keys)}`;
  return `variables.selector.all(k, ${any(isKnown, validValue('variables.selector[k]'))})`;
}

function factsOf(key: string, classes: readonly NodeClass[]): readonly string[] {
  const requirements = `k[${text(key)}]`;
  const values = new Set<string>();
  for (const one of classes) for (const value of valuesOf(key, one)) values.add(value);
  const marks = roleValues(key, classes[0]);
  const free = classes.some((one) => isFree(key, one));
  const present = classes.some((one) => one.present.includes(key));
  return [
    `${text(key)}: ${requirements}.size() > 0`,
    `${text(`!${key}`)}: ${holdsAbsent(requirements)}`,
    ...[...values]
      .sort()
      .map((value) => `${text(`${key}=${value}`)}: ${holdsValue(requirements, value)}`),
    ...(free ? [`${text(`${key}=*`)}: ${satisfiableByValue(requirements, marks)}`] : []),
    ...(present ? [`${text(`=${key}`)}: ${requirements}.all(r, r.operator == 'Exists')`] : []),
  ];
}

function valuesOf(key: string, one: NodeClass): readonly string[] {
  const states = [...(one.states[key] ?? [])].flatMap(({ value }) =>
    value === undefined ? [] : [value],
  );
  const forced = one.forced[key];
  return [...states, ...(forced === undefined ? [] : [forced]), ...roleValues(key, one)];
}

/** The values by which a label marks roles. */
function roleValues(key: string, one: NodeClass | undefined): readonly string[] {
  return Object.keys(one?.taints_by_label[key] ?? {}).sort();
}

/** Whether some node of the class can be reached by a term (`lib.scheduling.feasibility.reaching_terms`). */
export function reaches(one: NodeClass, refuses: Refuses): Cel {
  return all(tolerated(one, refuses), `variables.terms.exists(t, ${met(one, refuses)})`);
}

/** The index of the first term by which some node of the class can be reached, -1 if there is none. */
export function reachingTerm(one: NodeClass, refuses: Refuses): Cel {
  const index = `variables.terms.map(t, ${met(one, refuses)}).indexOf(true)`;
  return choose(tolerated(one, refuses), index, '-1');
}

/** Whether the pod tolerates what every node of the class has (`lib.scheduling.feasibility.untolerated`). */
export function tolerated(one: NodeClass, refuses: Refuses): Cel {
  return all(...carried(one).map((taint) => not(refuses(taint))));
}

/** The taints that every node of the class has (`lib.scheduling.feasibility._carried`). */
export function carried(one: NodeClass): readonly Taint[] {
  return distinct([
    ...Object.entries(one.forced).flatMap(([key, value]) => markedTaints(one, key, { value })),
    ...one.present.flatMap((key) => Object.values(one.taints_by_key[key] ?? {})),
  ]);
}

/** Taints without those that are there twice. */
export function distinct(listed: readonly Taint[]): readonly Taint[] {
  return [...new Map(listed.map((taint) => [identity(taint), taint])).values()];
}

/** What tells a taint from others: one that may have any value may be `lenient` or not. */
export function identity(taint: Taint): string {
  return JSON.stringify([name(taint), taint.value ?? null, taint.lenient === true]);
}

// lib.scheduling.feasibility._marked_taints
function markedTaints(one: NodeClass, key: string, { value }: LabelState): readonly Taint[] {
  const byKey = one.taints_by_key[key];
  const byLabel = value === undefined ? undefined : one.taints_by_label[key]?.[value];
  if (byKey === undefined) return Object.values(byLabel ?? {});
  return value === undefined ? [] : Object.values({ ...byKey, ...byLabel });
}

// lib.scheduling.feasibility._satisfiable, for a term that has facts.
function met(one: NodeClass, refuses: Refuses): Cel {
  const asked = knownKeys([one]).map((key) => {
    const possible = labelPossible(key, one, refuses, factIn);
    if (one.present.includes(key)) return possible;
    // A label for which the term does not ask has some state.
    const unasked = labelPossible(key, one, refuses, () => TRUE);
    return unasked === TRUE ? possible : any(not(fact(key)), possible);
  });
  return all('t.size() > 0', ...asked);
}

function fact(name: string): Cel {
  return `t[${text(name)}]`;
}

type Fact = (name: string) => Cel;

const factIn: Fact = fact;

// lib.scheduling.feasibility._possible
function labelPossible(key: string, one: NodeClass, refuses: Refuses, holds: Fact): Cel {
  const inState = (state: LabelState) =>
    all(
      ...markedTaints(one, key, state).map((taint) => not(refuses(taint))),
      holds(state.value === undefined ? `!${key}` : `${key}=${state.value}`),
    );
  if (!isFree(key, one)) return any(...knownStates(key, one).map(inState));
  const shut = any(...Object.values(one.taints_by_key[key] ?? {}).map(refuses));
  return any(
    one.present.includes(key) ? FALSE : holds(`!${key}`),
    all(not(shut), holds(`${key}=*`)),
    ...roleStates(key, one).map(inState),
  );
}

// lib.scheduling.feasibility._free
function isFree(key: string, one: NodeClass): boolean {
  return (
    !one.known.includes(key) &&
    !one.absent.includes(key) &&
    one.forced[key] === undefined &&
    one.states[key] === undefined
  );
}

// lib.scheduling.feasibility._known_states
function knownStates(key: string, one: NodeClass): readonly LabelState[] {
  const forced = one.forced[key];
  if (forced !== undefined) return [{ value: forced }];
  if (one.absent.includes(key)) return [{}];
  const absent = one.present.includes(key) ? [] : [{}];
  return one.states[key] ?? [...absent, ...roleStates(key, one)];
}

// lib.scheduling.feasibility._role_states
function roleStates(key: string, one: NodeClass): readonly LabelState[] {
  const isForbidden = (value: string) =>
    one.forbidden.some((pair) => pair.key === key && pair.value === value);
  return roleValues(key, one)
    .filter((value) => !isForbidden(value))
    .map((value) => ({ value }));
}

/**
 * `lib.scheduling.feasibility.covers`, by one term that fits every node of the class. What several terms cover
 * together is not found: this is where CEL says more than the rule.
 */
export function covers(one: NodeClass, refuses: Refuses): Cel {
  const fits = knownKeys([one]).map((key) => {
    if (isFree(key, one)) return one.present.includes(key) ? fact(`=${key}`) : not(fact(key));
    const always = knownStates(key, one).map(({ value }) =>
      fact(value === undefined ? `!${key}` : `${key}=${value}`),
    );
    return any(not(fact(key)), all(...always));
  });
  const fitsAll = all('t.size() > 0', "!t['*']", ...fits);
  return all(
    "variables.node == ''",
    tolerated(one, refuses),
    `variables.terms.exists(t, ${fitsAll})`,
  );
}
