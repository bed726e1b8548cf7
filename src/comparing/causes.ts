import type { Built } from '../built.ts';
import { EngineError, type Path } from '../errors.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { identityOf, reference } from '../kubernetes/objects.ts';
import type { ManifestObject } from '../manifest/objects.ts';
import { includes } from '../policy/policy.ts';
import type { Cause, NewFinding } from '../report/diff.ts';
import type { Finding } from '../report/report.ts';
import { type FileSession, openSession, type Session } from '../session.ts';
import type { ChangedObject } from './changes.ts';

/** With so many changes of others they are tried one by one, for so many findings. Each takes an evaluation. */
const MOST_CHANGES = 20;
const MOST_FINDINGS = 50;

/**
 * Adds to new findings of one cluster what else changed and made them: related objects that changed, and objects that the
 * policy reads without whose change the finding would not be there. That is found out by undoing one change at a time.
 */
export function withCauses(
  findings: readonly Finding[],
  changes: ReadonlyMap<string, ChangedObject>,
  { built, session }: { readonly built: Built; readonly session: FileSession | undefined },
): readonly NewFinding[] {
  const trial = session && trialOf(built, session);
  return findings.map((finding, index): NewFinding => {
    const own = identityOf(finding.object);
    const others = [...changes].filter(([identity]) => identity !== own);
    const related = new Set(finding.related.map(identityOf));
    const found = others.filter(([identity]) => related.has(identity)).map(([, one]) => one);
    const tried = others
      .filter(([identity, { object }]) => !related.has(identity) && isNear(object, finding))
      .map(([, one]) => one);
    if (index < MOST_FINDINGS) found.push(...(trial?.(finding, tried) ?? []));
    const isUntouched = finding.object.name !== null && !changes.has(own);
    return { ...finding, isUntouched, why: found.map(causeOf) };
  });
}

function causeOf({ object, change, file }: ChangedObject): Cause {
  return { ...object, change, file };
}

/** What policies read of others is in no namespace, or in that of the object. */
function isNear({ namespace }: ChangedObject['object'], { object }: Finding): boolean {
  return namespace === null || namespace === object.namespace;
}

type Trial = (finding: Finding, changes: readonly ChangedObject[]) => readonly ChangedObject[];

/** Makes a function that returns those of some changes that a finding needs. */
function trialOf(built: Built, session: FileSession): Trial {
  const { input, catalogue, profile, engine } = session;
  const undone = new Map<ChangedObject, Session>();
  const without = (change: ChangedObject): Session => {
    const known = undone.get(change) ?? openSession(built, profile, undo(input.objects, change));
    undone.set(change, known);
    return known;
  };
  return (finding, changes) => {
    const policy = catalogue.policies.find(({ id }) => id === finding.policy);
    const value = input.objects.findLast(
      (one) => one.document.file === ownFile(finding) && isOf(one, finding),
    )?.value;
    if (policy === undefined || value === undefined) return [];
    const read = changes.filter(({ object }) => includes(policy.inventory, object));
    if (read.length > MOST_CHANGES) return [];
    const count = (one: Pick<Session, 'engine'>) =>
      one.engine
        .evaluate(value, [finding.policy])
        .violations.filter((violation) => isSame(violation, finding)).length;
    try {
      const all = count({ engine });
      return read.filter((change) => count(without(change)) < all);
    } catch (error) {
      // That an object cannot be evaluated is an error of the report; here it is no cause.
      if (error instanceof EngineError) return [];
      throw error;
    }
  };
}

/** The name of the input that an object is in: a rendered text is one. */
function ownFile({ file, rendered }: Finding): string {
  return rendered?.input ?? file;
}

function isOf({ value }: ManifestObject, { object }: Finding): boolean {
  return identityOf(reference(value)) === identityOf(object);
}

function isSame(
  a: { readonly component: string | null; readonly path: Path },
  b: { readonly component: string | null; readonly path: Path },
): boolean {
  const fieldOf = (path: Path) =>
    JSON.stringify(path.map((step) => (typeof step === 'number' ? 0 : step)));
  return a.component === b.component && fieldOf(a.path) === fieldOf(b.path);
}

/** The objects as they would be without a change. */
function undo(
  objects: readonly ManifestObject[],
  { object, old }: ChangedObject,
): readonly JsonObject[] {
  const identity = identityOf(object);
  const others = objects.flatMap(({ value, document }) =>
    document.origin !== undefined || identityOf(reference(value)) === identity ? [] : [value],
  );
  return old === undefined ? others : [...others, old];
}
