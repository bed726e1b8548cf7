import type { Verdict, Violation } from '../engine/engine.ts';
import { EngineError, type Path } from '../errors.ts';
import type { OnProgress } from '../input.ts';
import type { ObjectReference } from '../kubernetes/objects.ts';
import { RESOURCES, type Resource } from '../kubernetes/resources.ts';
import { createLocator, type Locator } from '../manifest/locate.ts';
import { type ManifestObject, referenceOf } from '../manifest/objects.ts';
import { includes, type Policy } from '../policy/policy.ts';
import type { CheckedObject, InputError, Note } from '../report/report.ts';
import type { FileSession, Session } from '../session.ts';
import { findingMaker, type UnnumberedFinding } from './findings.ts';
import { checkedKey } from './fingerprint.ts';
import type { WaiverBook } from './waivers.ts';

/** What the policies say about all objects. */
export interface Results {
  readonly findings: UnnumberedFinding[];
  readonly errors: InputError[];
  readonly notes: Note[];
  readonly checked: CheckedObject[];
  /** The objects that some policies left out, since the profile exempts their namespace. */
  readonly exempt: ManifestObject[];
  /** Where a policy found a fault in how an object registers or changes nodes. */
  readonly registering: Map<ManifestObject, Path[]>;
  /** The objects of each component that has any. */
  readonly members: Map<string, ObjectReference[]>;
}

/** What a check has in common for all its objects, and for all its clusters. */
export interface Asking {
  readonly book: WaiverBook;
  readonly onProgress?: OnProgress | undefined;
}

/** Asks about each object the policies that check its kind. */
export function evaluateEach(session: FileSession, { book, onProgress }: Asking): Results {
  const { input, policiesFor } = session;
  const objects = input.objects.filter((object) => isAskedAbout(referenceOf(object), policiesFor));
  const results: Results = {
    findings: [],
    errors: [],
    notes: [],
    checked: [],
    exempt: [],
    registering: new Map(),
    members: new Map(),
  };
  const shared = new Map<string, SharedNote>();
  const collect = collector(session, results, { shared, book });
  for (const [index, object] of objects.entries()) {
    onProgress?.('checked', index, objects.length);
    collect(object);
  }
  results.notes.push(...onceForAll(shared));
  return results;
}

/** Kinds that no policy checks, and that there are notes on. */
const NOTED: readonly Resource[] = [...RESOURCES.autoscaler, ...RESOURCES.runtimeClass];

function isAskedAbout(identity: ObjectReference, policiesFor: Session['policiesFor']): boolean {
  return policiesFor(identity).length > 0 || includes(NOTED, identity);
}

/** A note that concerns many objects, and what it is about at each. */
interface SharedNote {
  readonly note: Note;
  readonly about: Set<string>;
}

function addNote(
  note: Note,
  about: string | undefined,
  { results, shared }: { results: Results; shared: Map<string, SharedNote> },
): void {
  const known = shared.get(note.code);
  if (about === undefined) results.notes.push(note);
  else if (known === undefined) shared.set(note.code, { note, about: new Set([about]) });
  else known.about.add(about);
}

const MOST_NAMED = 10;

/** One note for each code, at the first place, that names what it is about at the others. */
function onceForAll(shared: ReadonlyMap<string, SharedNote>): readonly Note[] {
  return [...shared.values()].map(({ note, about }) => {
    const [, ...others] = about;
    if (others.length === 0) return note;
    const named = others.slice(0, MOST_NAMED).join(', ');
    const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} others` : '';
    return { ...note, message: `${note.message}; the same for ${named}${more}` };
  });
}

function collector(
  session: FileSession,
  results: Results,
  { shared, book }: { readonly shared: Map<string, SharedNote>; readonly book: WaiverBook },
): (object: ManifestObject) => void {
  const locate = createLocator();
  const finding = findingMaker(session, locate);
  return (object) => {
    const policies = session.policiesFor(referenceOf(object)).filter(({ id }) => session.asks(id));
    const verdict = tryEvaluate(object, { session, policies, locate });
    if ('code' in verdict) {
      results.errors.push(verdict);
      return;
    }
    if (policies.length > 0) results.checked.push(checkedObject(object, session.environment));
    if (verdict.isExempt) results.exempt.push(object);
    const waiverOf = book.open(object);
    for (const violation of verdict.violations) {
      const policy = policyOf(violation, policies);
      const waiver = waiverOf(violation);
      results.findings.push(finding(violation, { policy, object, waiver }));
      if (checksRegistrations(policy)) addPath(results.registering, object, violation.path);
    }
    for (const { code, message, path, about } of verdict.notes) {
      const note = { code, message, ...locate(object.document, [...object.path, ...path]) };
      addNote(note, about, { results, shared });
    }
    addMember(results.members, verdict.components, referenceOf(object));
  };
}

function checkedObject(object: ManifestObject, environment: string | null): CheckedObject {
  const key = checkedKey(environment, object);
  const { apiVersion, kind, namespace, name } = referenceOf(object);
  return { apiVersion, kind, namespace, name, file: object.document.file, key };
}

function policyOf({ policy: name }: Violation, policies: readonly Policy[]): Policy {
  const policy = policies.find(({ id }) => id === name);
  if (policy === undefined) throw new EngineError(`no policy is called ${name}`);
  return policy;
}

function checksRegistrations({ kinds }: Policy): boolean {
  return kinds.some((kind) => kind.kind === 'InitConfiguration');
}

function addPath(paths: Results['registering'], object: ManifestObject, path: Path): void {
  const known = paths.get(object);
  if (known === undefined) paths.set(object, [path]);
  else known.push(path);
}

function addMember(
  members: Results['members'],
  components: readonly string[],
  object: ObjectReference,
): void {
  for (const name of components) {
    const known = members.get(name);
    if (known === undefined) members.set(name, [object]);
    else known.push(object);
  }
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
    const ids = policies.map(({ id }) => id);
    const { json } = object;
    if (json === undefined) return session.engine.evaluate(object.value, ids);
    return session.engine.evaluateJson(json, ids);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const message = `this object was not checked: ${error.message}`;
    return { code: 'ENGINE_FAILED', message, ...locate(object.document, object.path) };
  }
}
