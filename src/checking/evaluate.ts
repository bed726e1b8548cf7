import type { Verdict } from '../engine/engine.ts';
import { EngineError } from '../errors.ts';
import type { OnProgress } from '../input.ts';
import { type ObjectReference, reference } from '../kubernetes/objects.ts';
import { createLocator, type Locator } from '../manifest/locate.ts';
import type { ManifestObject } from '../manifest/objects.ts';
import type { Policy } from '../policy/policy.ts';
import type { InputError, Note } from '../report/report.ts';
import type { FileSession, Session } from '../session.ts';
import { findingMaker, type UnnumberedFinding } from './findings.ts';

/** What the policies say about all objects. */
export interface Results {
  readonly findings: UnnumberedFinding[];
  readonly errors: InputError[];
  readonly notes: Note[];
  readonly checked: ManifestObject[];
  /** The objects in namespaces that the profile exempts. */
  readonly exempt: ManifestObject[];
  /** The objects of each component that has any. */
  readonly members: Map<string, ObjectReference[]>;
}

/** Asks about each object the policies that check its kind. */
export function evaluateEach(session: FileSession, onProgress?: OnProgress): Results {
  const { input, policiesFor } = session;
  const objects = input.objects.filter(({ value }) => policiesFor(reference(value)).length > 0);
  const results: Results = {
    findings: [],
    errors: [],
    notes: [],
    checked: [],
    exempt: [],
    members: new Map(),
  };
  const collect = collector(session, results);
  for (const [index, object] of objects.entries()) {
    onProgress?.('checked', index, objects.length);
    collect(object);
  }
  return results;
}

function collector(session: FileSession, results: Results): (object: ManifestObject) => void {
  const locate = createLocator();
  const finding = findingMaker(session.input.objects, locate);
  return (object) => {
    const policies = session.policiesFor(reference(object.value));
    const verdict = tryEvaluate(object, { session, policies, locate });
    if ('code' in verdict) {
      results.errors.push(verdict);
      return;
    }
    (verdict.isExempt ? results.exempt : results.checked).push(object);
    for (const violation of verdict.violations) {
      const policy = policies.find(({ id }) => id === violation.policy);
      if (policy === undefined) throw new EngineError(`no policy is called ${violation.policy}`);
      results.findings.push(finding(violation, policy, object));
    }
    for (const { code, message, path } of verdict.notes) {
      const place = locate(object.document, [...object.path, ...path]);
      results.notes.push({ code, message, ...place });
    }
    for (const name of verdict.components) {
      const members = results.members.get(name) ?? [];
      members.push(reference(object.value));
      results.members.set(name, members);
    }
  };
}

interface Asked {
  readonly session: Session;
  readonly policies: readonly Policy[];
  readonly locate: Locator;
}

/** An object for which the policies have no answer is an error of its own; the others are checked. */
function tryEvaluate(
  object: ManifestObject,
  { session, policies, locate }: Asked,
): Verdict | InputError {
  try {
    return session.engine.evaluate(
      object.value,
      policies.map(({ id }) => id),
    );
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const message = `this object was not checked: ${error.message}`;
    return { code: 'ENGINE_FAILED', message, ...locate(object.document, object.path) };
  }
}
