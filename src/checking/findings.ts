import type { Violation } from '../engine/engine.ts';
import { identityOf } from '../kubernetes/objects.ts';
import { createLocator, type Locator } from '../manifest/locate.ts';
import { type ManifestObject, referenceOf } from '../manifest/objects.ts';
import type { Policy } from '../policy/policy.ts';
import {
  type AppliedWaiver,
  type Finding,
  NOWHERE,
  type Related,
  type RelatedObject,
} from '../report/report.ts';
import type { FileSession } from '../session.ts';
import { adviceOn } from './advice.ts';
import { commandFor } from './commands.ts';
import { fingerprint, keyOf } from './fingerprint.ts';

/** A finding whose number among its equals is not known yet. */
export type UnnumberedFinding = Omit<Finding, 'ordinal'>;

/** Makes a finding of a violation of an object. */
export type MakeFinding = (
  violation: Violation,
  of: {
    readonly policy: Policy;
    readonly object: ManifestObject;
    /** What accepts it, if something does. */
    readonly waiver: AppliedWaiver | null;
  },
) => UnnumberedFinding;

/** Makes a function that finds the place of each violation, and those of the related objects. */
export function findingMaker(
  {
    input,
    environment,
    severity,
    addons,
  }: Pick<FileSession, 'input' | 'environment' | 'severity' | 'addons'>,
  locate: Locator,
): MakeFinding {
  const related = relatedIn(input.objects);
  const contexts = new Map(input.read.map(({ file, cluster }) => [file, cluster?.context]));
  return (violation, { policy, object, waiver }) => {
    const { message, component, path } = violation;
    const named = referenceOf(object);
    // The paths of edits are those of a file.
    const fix = hasOwnFile(object) ? violation.fix : { ...violation.fix, edits: [] };
    const context = contexts.get(object.document.file);
    const command = context === undefined ? undefined : commandFor({ fix }, object, context);
    const identity = { policy: policy.id, environment, component, path };
    return {
      policy: policy.id,
      severity: severity[policy.id] ?? policy.severity,
      message,
      component,
      object: named,
      ...locate(object.document, [...object.path, ...path]),
      path,
      remediation: policy.remediation,
      fix: adviceOn({ ...violation, policy: policy.id, object: named, fix }, addons),
      ...(command !== undefined && { command }),
      related: violation.related.map(related),
      fingerprint: fingerprint(identity, object.value),
      key: keyOf(identity, object.value),
      environment,
      status: waiver === null ? 'open' : 'waived',
      waiver,
      docs: `policies/${policy.id}/README.md`,
    };
  };
}

/** Whether an object is in a file as it is: neither in a text of another one nor rendered. */
function hasOwnFile({ document: { origin, rendering } }: ManifestObject): boolean {
  return origin === undefined && rendering === undefined;
}

/** Makes a function that adds the places of related objects; of two in the input the last one counts. */
function relatedIn(input: readonly ManifestObject[]): (related: RelatedObject) => Related {
  let objects: ReadonlyMap<string, ManifestObject> | undefined;
  const locate = createLocator();
  return (related) => {
    objects ??= new Map(input.map((object) => [identityOf(referenceOf(object)), object]));
    const found = related.name === null ? undefined : objects.get(identityOf(related));
    if (found === undefined) return { ...related, ...NOWHERE };
    return { ...related, ...locate(found.document, [...found.path, ...related.path]) };
  };
}
