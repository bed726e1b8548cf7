import { type Catalogue, includes, type Policy } from './catalogue/catalogue.ts';
import { caveatsOf } from './caveats.ts';
import { createEngine, type Engine, type Verdict, type Violation } from './engine/engine.ts';
import { inventoryOf } from './engine/inventory.ts';
import { EngineError } from './errors.ts';
import type {
  ComponentState,
  Finding,
  ObjectReference,
  Problem,
  Report,
} from './finding/finding.ts';
import type { JsonObject, JsonValue } from './goyaml/json.ts';
import { type Input, type InputFile, readInput } from './input.ts';
import type { Bulkhead } from './load.ts';
import { createLocator, type Locator } from './manifest/locate.ts';
import type { ManifestObject } from './manifest/objects.ts';
import { bind, wholeTable } from './parameters/bind.ts';
import type { Profile } from './profile/profile.ts';
import { compareFindings, compareProblems, compareReferences } from './report/sort.ts';

/**
 * Judges manifests against a profile.
 *
 * Files are taken in the order of their names, whatever order they were given in. What cannot be read
 * is an error of the report and the rest is judged; finding nothing to judge is an error too.
 */
export function check(bulkhead: Bulkhead, profile: Profile, files: readonly InputFile[]): Report {
  const input = readInput(files);
  return judge(bulkhead, profile, input, engineFor(bulkhead, profile, input));
}

/** The policies with the profile's parameters and every object read. */
export function engineFor(bulkhead: Bulkhead, profile: Profile, input: Input): Engine {
  const { catalogue, wasm } = bulkhead;
  return createEngine(wasm, {
    parameters: bind(catalogue, profile),
    table: wholeTable(profile),
    inventory: inventoryOf(
      input.objects.map(({ value }) => value),
      catalogue.policies.flatMap((policy) => policy.inventory),
    ),
  });
}

/** The report of a check, by an engine that was loaded for this input. */
export function judge(bulkhead: Bulkhead, profile: Profile, input: Input, engine: Engine): Report {
  const judged = input.objects.filter((object) => isJudged(bulkhead.catalogue, object.value));
  const results = judgeEach(bulkhead.catalogue, judged, engine);
  const errors = [...input.errors, ...results.errors].sort(compareProblems);
  const locate = createLocator();
  const caveats = input.objects.flatMap((object) =>
    caveatsOf(object, { isJudged: isJudged(bulkhead.catalogue, object.value), locate }),
  );
  return {
    profile: profile.name,
    findings: results.findings.sort(compareFindings),
    errors,
    warnings: [...input.warnings, ...caveats].sort(compareProblems),
    components: profile.components.map(({ name }) =>
      component(name, results.members.get(name) ?? []),
    ),
    summary: {
      files: input.files,
      documents: input.documents,
      objects: input.objects.length,
      judged: judged.length - results.errors.length,
      findings: results.findings.length,
      errors: errors.length,
    },
  };
}

interface Results {
  readonly findings: Finding[];
  readonly errors: Problem[];
  /** The objects of each component that has any. */
  readonly members: Map<string, ObjectReference[]>;
}

function judgeEach(
  catalogue: Catalogue,
  objects: readonly ManifestObject[],
  engine: Engine,
): Results {
  const policies = new Map(catalogue.policies.map((policy) => [policy.id, policy]));
  const locate = createLocator();
  const results: Results = { findings: [], errors: [], members: new Map() };
  for (const object of objects) {
    const verdict = tryJudge(engine, object, locate);
    if ('code' in verdict) {
      results.errors.push(verdict);
      continue;
    }
    for (const violation of verdict.violations) {
      const policy = policies.get(violation.policy);
      if (policy === undefined) throw new EngineError(`no policy is called ${violation.policy}`);
      results.findings.push(finding(violation, policy, { object, locate }));
    }
    for (const name of verdict.components) {
      results.members.set(name, [...(results.members.get(name) ?? []), reference(object.value)]);
    }
  }
  return results;
}

/** An object for which the policies have no answer is an error of its own; the others are judged. */
function tryJudge(engine: Engine, object: ManifestObject, locate: Locator): Verdict | Problem {
  try {
    return engine.judge(object.value);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const message = `this object was not judged: ${error.message}`;
    return { code: 'ENGINE_FAILED', message, ...locate(object.document, object.path) };
  }
}

/** Whether a policy speaks of objects of this kind. */
export function isJudged(catalogue: Catalogue, object: JsonObject): boolean {
  const { apiVersion, kind } = reference(object);
  return catalogue.policies.some((policy) => includes(policy.kinds, { apiVersion, kind }));
}

/** Which object it is. */
export function reference(object: JsonObject): ObjectReference {
  const metadata = object['metadata'];
  return {
    apiVersion: word(object, 'apiVersion') ?? '',
    kind: word(object, 'kind') ?? '',
    namespace: word(metadata, 'namespace'),
    name: word(metadata, 'name'),
  };
}

function word(holder: JsonValue | undefined, key: string): string | null {
  if (!isMap(holder)) return null;
  const value = holder[key];
  return typeof value === 'string' ? value : null;
}

function isMap(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
