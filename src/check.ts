import { caveatsOf } from './caveats.ts';
import type { Engine, Verdict, Violation } from './engine/engine.ts';
import { EngineError, type Path } from './errors.ts';
import type { Input, InputFile, OnProgress } from './input.ts';
import { type ObjectReference, reference } from './kubernetes/objects.ts';
import type { Bulkhead } from './load.ts';
import { createLocator, type Locator } from './manifest/locate.ts';
import type { ManifestObject } from './manifest/objects.ts';
import { type Policy, placesPod } from './policy/policy.ts';
import type { Profile } from './profile/profile.ts';
import { compareFindings, compareProblems, compareReferences } from './report/order.ts';
import type { ComponentState, Finding, Problem, Report } from './report/report.ts';
import { type FileSession, openFiles, type Session } from './session.ts';

/**
 * Checks manifests against a profile.
 *
 * Files are taken in the order of their names, whatever order they were given in. What cannot be read
 * is an error of the report and the rest is checked; finding nothing to check is an error too.
 */
export function check(
  bulkhead: Bulkhead,
  profile: Profile,
  files: readonly InputFile[],
  onProgress?: OnProgress,
): Report {
  return reportOf(openFiles(bulkhead, profile, files, onProgress), onProgress);
}

/**
 * Checks what a session has read.
 *
 * In one thread: worker threads do not pay (docs/architecture.md has the figures).
 */
export function reportOf(session: FileSession, onProgress?: OnProgress): Report {
  const { profile, input, policiesFor } = session;
  const checked = input.objects.filter(({ value }) => policiesFor(reference(value)).length > 0);
  const results = evaluateEach(checked, session, onProgress);
  const errors = [...input.errors, ...results.errors].sort(compareProblems);
  const locate = createLocator();
  const isKnown = namesIn(input);
  const heedsTaints = (scheduler: string) => profile.schedulers.includes(scheduler);
  const caveats = input.objects.flatMap((object) => {
    const identity = reference(object.value);
    const kinds = policiesFor(identity).flatMap((policy) => policy.kinds);
    const judgedAt = (path: Path) => placesPod(kinds, identity, path);
    return caveatsOf(object, { judgedAt, isKnown, heedsTaints, locate });
  });
  return {
    profile: profile.name,
    findings: results.findings.sort(compareFindings),
    errors,
    warnings: [
      ...input.warnings,
      ...results.notes,
      ...exempted(results.exempt, locate),
      ...caveats,
      ...givenTwice(input, locate),
    ].sort(compareProblems),
    components: profile.components.map(({ name }) =>
      component(name, results.members.get(name) ?? []),
    ),
    summary: {
      ...input.counts,
      judged: checked.length - results.errors.length - results.exempt.length,
      findings: results.findings.length,
      errors: errors.length,
    },
  };
}

interface Results {
  readonly findings: Finding[];
  readonly errors: Problem[];
  /** What the policies left out. */
  readonly notes: Problem[];
  /** Those of namespaces in which nothing is judged. */
  readonly exempt: ManifestObject[];
  /** The objects of each component that has any. */
  readonly members: Map<string, ObjectReference[]>;
}

function evaluateEach(
  objects: readonly ManifestObject[],
  { engine, policiesFor }: Session,
  onProgress: OnProgress | undefined,
): Results {
  const locate = createLocator();
  const results: Results = { findings: [], errors: [], notes: [], exempt: [], members: new Map() };
  for (const [index, object] of objects.entries()) {
    onProgress?.('checked', index, objects.length);
    const policies = policiesFor(reference(object.value));
    const verdict = tryEvaluate(object, { engine, policies, locate });
    if ('code' in verdict) {
      results.errors.push(verdict);
      continue;
    }
    if (verdict.isExempt) results.exempt.push(object);
    for (const violation of verdict.violations) {
      const policy = policies.find(({ id }) => id === violation.policy);
      if (policy === undefined) throw new EngineError(`no policy is called ${violation.policy}`);
      results.findings.push(finding(violation, policy, { object, locate }));
    }
    for (const { code, message, path } of verdict.notes) {
      const place = locate(object.document, [...object.path, ...path]);
      results.notes.push({ code, message, ...place });
    }
    for (const name of verdict.components) {
      results.members.set(name, [...(results.members.get(name) ?? []), reference(object.value)]);
    }
  }
  return results;
}

/** What decides where pods of other objects run, in the versions that have the shape that is read. */
const DECIDING = ['v1 Node', 'node.k8s.io/v1 RuntimeClass', 'node.k8s.io/v1beta1 RuntimeClass'];

/** Makes a function that says whether the input has an object of a kind and name, of no namespace. */
function namesIn({ objects }: Input): (kind: string, name: string) => boolean {
  const names = new Set(
    objects
      .map(({ value }) => reference(value))
      .filter(({ apiVersion, kind }) => DECIDING.includes(`${apiVersion} ${kind}`))
      .map(({ kind, name }) => `${kind} ${name}`),
  );
  return (kind, name) => names.has(`${kind} ${name}`);
}

/** What was left out, a note for each namespace, at its first object. */
function exempted(objects: readonly ManifestObject[], locate: Locator): readonly Problem[] {
  const counts = new Map<string, number>();
  for (const { value } of objects) {
    const namespace = reference(value).namespace ?? '';
    counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  return [...counts].flatMap(([namespace, count]) => {
    const first = objects.find(({ value }) => reference(value).namespace === namespace);
    if (first === undefined) return [];
    const message = `the profile exempts the namespace ${namespace}: ${count === 1 ? '1 object of it was' : `${count} objects of it were`} not judged`;
    return [{ code: 'NOT_JUDGED', message, ...locate(first.document, first.path) } as const];
  });
}

/** A pod may be made between two versions of what decides where it runs: the last alone was judged. */
function givenTwice({ objects }: Input, locate: Locator): readonly Problem[] {
  const last = new Map<string, ManifestObject>();
  return objects.flatMap((object) => {
    const { apiVersion, kind, name } = reference(object.value);
    if (!DECIDING.includes(`${apiVersion} ${kind}`)) return [];
    const earlier = last.get(`${kind} ${name}`);
    last.set(`${kind} ${name}`, object);
    if (earlier === undefined || JSON.stringify(earlier.value) === JSON.stringify(object.value))
      return [];
    const message = `the ${kind} ${name} is given again, otherwise: pods were judged by the last alone`;
    return [{ code: 'NOT_JUDGED', message, ...locate(earlier.document, earlier.path) } as const];
  });
}

/** An object for which the policies have no answer is an error of its own; the others are judged. */
function tryEvaluate(
  object: ManifestObject,
  { engine, policies, locate }: { engine: Engine; policies: readonly Policy[]; locate: Locator },
): Verdict | Problem {
  try {
    return engine.evaluate(
      object.value,
      policies.map(({ id }) => id),
    );
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const message = `this object was not judged: ${error.message}`;
    return { code: 'ENGINE_FAILED', message, ...locate(object.document, object.path) };
  }
}

function finding(
  violation: Violation,
  policy: Policy,
  { object, locate }: { object: ManifestObject; locate: Locator },
): Finding {
  return {
    policy: policy.id,
    severity: policy.severity,
    message: violation.message,
    component: violation.component,
    object: reference(object.value),
    ...locate(object.document, [...object.path, ...violation.path]),
    path: violation.path,
    remediation: policy.remediation,
  };
}

function component(name: string, objects: readonly ObjectReference[]): ComponentState {
  return {
    name,
    state: objects.length > 0 ? 'present' : 'missing',
    objects: [...objects].sort(compareReferences),
  };
}
