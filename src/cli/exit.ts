import type { Profile } from '../profile/profile.ts';
import { type Report, SEVERITIES, type Severity } from '../report/report.ts';
import type { Simulation } from '../simulation/simulation.ts';

/** The exit status of a report: 2 not everything could be checked, 1 open findings that weigh, 0 clean. */
export function exitStatus(
  report: Pick<Report, 'findings' | 'inputErrors'>,
  failOn: Severity,
): 0 | 1 | 2 {
  if (report.inputErrors.length > 0) return 2;
  const worstIndex = SEVERITIES.indexOf(failOn);
  const fails = report.findings.some(
    ({ severity, status }) => status === 'open' && SEVERITIES.indexOf(severity) <= worstIndex,
  );
  return fails ? 1 : 0;
}

/** 2 what could not be read; 1 something never ends, or leaves none of a component that demands otherwise. */
export function simulationStatus(simulation: Simulation, profile: Profile): number {
  const { components, otherWorkloads } = profile;
  const { inputErrors, drains, updates, workloads } = simulation;
  if (inputErrors.length > 0) return 2;
  const outcomes = [...drains, ...updates.flatMap(({ outcome }) => outcome ?? [])];
  const demanding = workloads.filter(
    ({ component }) =>
      (components.find(({ name }) => name === component) ?? otherWorkloads)?.disruptionControl,
  );
  const isBroken = outcomes.some(
    ({ stop, least }) => stop !== undefined || demanding.some(({ id }) => least[id] === 0),
  );
  return isBroken ? 1 : 0;
}
