import { FAIL_ON, type FailOn } from './config/config.ts';
import type { Profile } from './profile/profile.ts';
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
