import type { Path } from '../errors.ts';
import type { Waiver, WaiverMatch } from './waiver.ts';

/** What decides where a waiver applies, without who granted it: `lib.findings.waivers` reads it. */
export interface WaiverRule {
  readonly match: WaiverMatch;
  readonly path?: Path;
}

/** The same with the policies that it is for. */
export interface PolicyWaiverRule extends WaiverRule {
  readonly policies: readonly string[];
}

/** What a Constraint has of a waiver. */
export function ruleOf({ match: { kind, group, namespace, name }, path }: Waiver): WaiverRule {
  return {
    match: {
      kind,
      ...(group !== undefined && { group }),
      ...(namespace !== undefined && { namespace }),
      name,
    },
    ...(path !== undefined && { path }),
  };
}

/** What the data of all policies has of a waiver. */
export function policyRuleOf(waiver: Waiver): PolicyWaiverRule {
  return { policies: waiver.policies, ...ruleOf(waiver) };
}
