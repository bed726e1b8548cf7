import type { Cluster } from '../check.ts';
import type { Acceptance } from '../config/acceptance.ts';
import type { Config, SeverityOrOff } from '../config/config.ts';
import { dayOf } from '../config/days.ts';
import { readOwnBaseline } from '../own-files.ts';
import type { Policy } from '../policy/policy.ts';
import type { Scope, Severity } from '../report/report.ts';
import type { SessionOptions } from '../session.ts';
import { firstOf, wrong } from './arguments.ts';
import { SEVERITY } from './kinds.ts';
import type { CheckOptions } from './options.ts';

/** How a cluster is checked. */
export type Settings = Pick<SessionOptions, 'severity' | 'off' | 'scope' | 'onProgress'> & {
  readonly acceptance: Acceptance;
};

/** What the options and the configuration say of policies and findings, the options first. */
export function settingsOf(options: CheckOptions, policies: readonly Policy[]): Settings {
  const { config, onProgress } = options;
  const scope = scopeOf(options);
  const severity: Readonly<Record<string, SeverityOrOff | undefined>> = {
    ...config?.severity,
    ...options.severity,
  };
  const known = new Set<string>(policies.map(({ id }) => id));
  const set = Object.entries(severity).filter((one): one is [string, SeverityOrOff] => {
    const [id, value] = one;
    if (!known.has(id)) throw new TypeError(`options.severity has the unknown policy ${id}`);
    if (value !== undefined && !SEVERITY.is(value)) {
      throw wrong(`options.severity["${id}"]`, SEVERITY.expected, value);
    }
    return value !== undefined;
  });
  const isAsked = (one: readonly [string, SeverityOrOff]): one is [string, Severity] =>
    one[1] !== 'off';
  return {
    severity: Object.fromEntries(set.filter(isAsked)),
    off: set.flatMap(([id, value]) => (value === 'off' ? [id] : [])),
    acceptance: acceptanceOf(options),
    ...(scope !== undefined && { scope }),
    ...(onProgress !== undefined && { onProgress }),
  };
}

/** As on the command line: who requires components has them all. */
function scopeOf({ scope, config }: CheckOptions): Scope | undefined {
  return scope ?? config?.scope ?? (config?.requireComponents === true ? 'cluster' : undefined);
}

/** @throws TypeError unless the findings of each cluster can be told from those of the others. */
export function checkEnvironments(clusters: readonly Cluster[]): void {
  if (clusters.length === 1) return;
  const names = clusters.map(({ environment }) => environment);
  for (const [index, name] of names.entries()) {
    const own = `clusters[${index}].environment`;
    if (name === undefined) throw wrong(own, 'a name: there are several clusters', name);
    if (names.indexOf(name) < index) throw wrong(own, 'a name that no other cluster has', name);
  }
}

/** Which findings are accepted. */
export function acceptanceOf(options: CheckOptions): Acceptance {
  const { config, baseline, today } = options;
  const whole = scopeOf(options) === 'cluster' && (config?.environments ?? []).length === 0;
  return {
    waivers: config?.waivers ?? [],
    inlineWaivers: config?.inlineWaivers ?? [],
    ...(baseline !== undefined && { baseline: baselineOf(baseline, config) }),
    today: today ?? dayOf(Date.now()),
    isWhole: whole,
  };
}

function baselineOf(text: string, config: Config | undefined): NonNullable<Acceptance['baseline']> {
  const file = config?.baseline?.file ?? 'bulkhead.baseline.json';
  const found = readOwnBaseline({ file, text });
  if (found.kind === 'errors') throw firstOf(found.errors);
  return { place: { file, line: 1, column: 1 }, ...config?.baseline, file, counts: found.baseline };
}
