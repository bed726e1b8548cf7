import { FAIL_ON, type FailOn } from './config/config.ts';
import type { Profile } from './profile/profile.ts';
import type { Diff } from './report/diff.ts';
import type { Report } from './report/report.ts';
import type { Simulation } from './simulation/simulation.ts';
import type { Workload } from './simulation/world.ts';

/** The exit status of a report: 2 not everything could be checked, 1 open findings or notes that weigh, 0 clean. */
export function exitStatus(
  report: Pick<Report, 'findings' | 'inputErrors' | 'notes' | 'components'>,
  failOn: FailOn,
  requireComponents = false,
): 0 | 1 | 2 {
  if (report.inputErrors.length > 0) return 2;
  if (requireComponents && report.components.some(({ state }) => state === 'missing')) return 1;
  if (failOn === 'never') return 0;
  if (failOn === 'note' && report.notes.length > 0) return 1;
  const worstIndex = FAIL_ON.indexOf(failOn);
  const fails = report.findings.some(
    ({ severity, status }) => status === 'open' && FAIL_ON.indexOf(severity) <= worstIndex,
  );
  return fails ? 1 : 0;
}

/** The exit status of a difference: that of a report with just what is new; 2 if one of the inputs could not be read. */
export function diffStatus(
  { old, now, added, notes, gone }: Diff,
  failOn: FailOn,
  requireComponents = false,
): 0 | 1 | 2 {
  const inputErrors = [old, now].flatMap(({ report }) => report.inputErrors);
  const components = gone.map((one) => ({ ...one, state: 'missing' as const, objects: [] }));
  return exitStatus({ findings: added, inputErrors, notes, components }, failOn, requireComponents);
}

/** 2 what could not be read; 1 something never ends, or leaves none of a component that demands otherwise. */
export function simulationStatus(simulation: Simulation, profile: Profile): 0 | 1 | 2 {
  const { components, otherWorkloads } = profile;
  const { inputErrors, drains, updates, workloads, stopped } = simulation;
  if (inputErrors.length > 0) return 2;
  const outcomes = [...drains, ...updates.flatMap(({ outcome }) => outcome ?? [])];
  const demands = ({ component }: Workload) =>
    (components.find(({ name }) => name === component) ?? otherWorkloads)?.disruptionControl;
  if (stopped.some(demands)) return 1;
  const demanding = workloads.filter(demands);
  const isBroken = outcomes.some(
    ({ stop, least }) => stop !== undefined || demanding.some(({ id }) => least[id] === 0),
  );
  return isBroken ? 1 : 0;
}
