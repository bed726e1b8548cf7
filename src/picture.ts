import type { Built } from './built.ts';
import { type Cluster, type ClusterReport, checkClusters } from './check.ts';
import { UserError } from './errors.ts';
import type { ClusterPicture, Picture } from './formats/html/picture.ts';
import { isReserved, type Profile, reservedRoles } from './profile/profile.ts';
import { reach } from './reach.ts';
import { type FileSession, openFiles, type SessionOptions } from './session.ts';
import { simulationOf } from './simulate.ts';
import { tableOf } from './table.ts';

/** Checks clusters, and finds out who can run where in each, and what happens when its nodes are drained. */
export function picture(
  built: Built,
  clusters: readonly Cluster[],
  options: SessionOptions = {},
): Picture {
  const pictures: ClusterPicture[] = [];
  const report = checkClusters(built, clusters, options, (session, part) => {
    pictures.push(clusterPicture(session, part));
  });
  return { report, clusters: pictures, table: null };
}

/** The same of one cluster, with its component table. */
export function tablePicture(
  built: Built,
  { profile, files, ...own }: Cluster,
  options: Omit<SessionOptions, 'scope'> = {},
): Picture {
  const asked = { ...options, ...own };
  const session = openFiles(built, profile, files, asked);
  const { report, table } = tableOf(session, asked);
  return { report, clusters: [clusterPicture(session, report)], table };
}

function clusterPicture(session: FileSession, report: ClusterReport): ClusterPicture {
  return {
    reach: reach(session),
    reservedRoles: reservedNames(session.profile),
    ...simulated(session, report),
  };
}

/** Where it is not said where other workloads run, those that have taints. */
function reservedNames(profile: Profile): readonly string[] {
  const reserved = reservedRoles(profile);
  const roles = reserved.length > 0 ? reserved : profile.nodeRoles.filter(isReserved);
  return roles.map(({ name }) => name);
}

/** Why an input has nothing to drain, by the code of its error. */
const NOTHING: ReadonlyMap<string, string> = new Map([
  ['NODES_UNKNOWN', 'the input has no Node that a component can run on'],
  ['NOTHING_TO_CHECK', 'the input has no component of the profile'],
]);

function simulated(
  session: FileSession,
  report: ClusterReport,
): Pick<ClusterPicture, 'simulation' | 'notSimulated'> {
  try {
    return { simulation: simulationOf(session, report), notSimulated: null };
  } catch (error) {
    const reason = error instanceof UserError ? NOTHING.get(error.code) : undefined;
    if (reason === undefined) throw error;
    return { simulation: null, notSimulated: reason };
  }
}
