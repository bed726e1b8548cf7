import { resolve } from 'node:path';
import { leftOut, type WaiversOn } from '../config/expiry.ts';
import { isForEnvironment } from '../config/waiver.ts';
import { counted, visible } from '../formats/text.ts';
import { FIRST_STAGE, STAGES, type Stage } from '../gatekeeper/enforcement.ts';
import { CONFIGURATION } from '../gatekeeper/webhook.ts';
import { type Profile, reservedRoles, whyNothingIsReserved } from '../profile/profile.ts';
import { generatedBy, inWords } from '../words.ts';
import { type Arguments, usage } from './args.ts';
import type { Deps } from './deps.ts';
import { filesThatBegin, writeBelow } from './disk.ts';
import type { Io } from './io.ts';
import { invalidFiles, type Outcome, success } from './outcome.ts';
import { profileOf, type Run } from './read-clusters.ts';
import { readSettings, type Settings } from './settings.ts';

// The commands that write files for other engines.

export function runGenerateGatekeeper(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  const stage = stageOf(args);
  return runGenerate(args, io, {
    deps,
    generate: (profile, waiving) => deps.generateGatekeeper(profile, stage, waiving),
    ...(stage === 'deny' && { remarks: failClosed }),
  });
}

export function runGenerateVap(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  const stage = stageOf(args);
  return runGenerate(args, io, {
    deps,
    generate: (profile, waiving) => deps.generateAdmission(profile, stage, waiving),
    remarks: (made) => notWritten(made) + openRoles(made) + leftovers(made),
  });
}

function stageOf({ values }: Arguments): Stage {
  return STAGES.find((one) => one === values.get('enforcement')) ?? FIRST_STAGE;
}

export function runGenerateConftest(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return runGenerate(args, io, { deps, generate: deps.generateConftest });
}

interface Generation {
  readonly deps: Deps;
  readonly generate: (profile: Profile, waiving: WaiversOn) => Promise<ReadonlyMap<string, string>>;
  /** What else a user must know or do. */
  readonly remarks?: (made: Made) => string;
}

/** What was generated, and where it was written. */
interface Made {
  readonly profile: Profile;
  readonly files: ReadonlyMap<string, string>;
  readonly directory: string;
  /** The directory as the user named it. */
  readonly out: string;
}

async function runGenerate(args: Arguments, io: Io, generation: Generation): Promise<Outcome> {
  const { deps, generate, remarks } = generation;
  return withProfile({ args, io, deps }, async (profile, { policies, clusters }) => {
    const out = args.values.get('out') ?? '';
    const { waivers, today } = policies.acceptance;
    const environment = clusters[0]?.environment;
    const waiving = { waivers: waivers.filter((one) => isForEnvironment(one, environment)), today };
    const files = await generate(profile, waiving);
    const directory = resolve(io.cwd, out);
    writeBelow(directory, files);
    const count = files.size === 0 ? 'nothing was' : counted(files.size, 'file');
    const stdout = `${count} written to ${visible(out)}\n`;
    const expired = leftOut(waiving).map((text) => `bulkhead: ${visible(text)}\n`);
    const remark = remarks?.({ profile, files, directory, out: visible(out) }) ?? '';
    return { ...success(stdout), stderr: expired.join('') + remark };
  });
}

/** Runs a command with the profile that `--profile` or the configuration names, or reports all that is wrong. */
async function withProfile(
  run: Run,
  use: (profile: Profile, settings: Settings) => Promise<Outcome>,
): Promise<Outcome> {
  const read = await readSettings(run.args, run.io, run.deps);
  if (read.kind === 'errors') return invalidFiles(read.errors);
  const [cluster, ...others] = read.settings.clusters;
  if (cluster === undefined || others.length > 0) {
    throw usage('this command is about one cluster: add --environment NAME');
  }
  const found = await profileOf(cluster, read.settings, run);
  return found.kind === 'profile' ? use(found.profile, read.settings) : invalidFiles(found.errors);
}

/** What a user of Gatekeeper must set besides: its defaults admit what it does not answer in time. */
function failClosed({ out }: Made): string {
  return `Before these Constraints deny, make Gatekeeper fail closed: by default, a request that it does not answer
within 3 seconds is admitted unchecked. With its Helm chart: --values ${out}/webhook/values.yaml. Without:
kubectl patch validatingwebhookconfiguration ${CONFIGURATION} --patch-file ${out}/webhook/patch.yaml
`;
}

/** Why there is no policy at all. */
function notWritten({ profile, files }: Made): string {
  if (files.size > 0) return '';
  return `bulkhead: the profile ${profile.name} has nothing that a ValidatingAdmissionPolicy checks: no role with a taint or
the value of a label, and no row with a type, replicas or a node role
`;
}

/** The roles that no policy keeps other workloads off, and what to do about it. */
function openRoles({ profile, files }: Made): string {
  const isWritten = files.has('control-plane-intrusion.yaml');
  const without = 'control-plane-intrusion and scheduler-bypass are not written';
  const reason = whyNothingIsReserved(profile);
  if (reason !== undefined) return `bulkhead: ${without}: ${reason.join('. To have them, ')}\n`;
  const open = reservedRoles(profile)
    .filter(({ optionalTaints }) => optionalTaints)
    .map(({ name }) => name);
  if (open.length === 0) return '';
  const names = inWords(open, 'and');
  const lead = isWritten ? `no policy keeps other workloads off ${names} nodes` : without;
  return `bulkhead: ${lead}: the taints of role ${names} are optional, and these
policies see no Nodes. If the nodes have the taints, write a profile that extends this one and has the role without
optionalTaints, and generate from it
`;
}

/** What an earlier run wrote and this one did not: it stays, and so does what the cluster has of it. */
function leftovers({ files, directory, out }: Made): string {
  const left = filesThatBegin(directory, generatedBy('bulkhead generate vap')).filter(
    (name) => !files.has(name),
  );
  if (left.length === 0) return '';
  return `bulkhead: left in ${out} from an earlier run, and no longer generated: ${left.map(visible).join(', ')}. Delete them,
and their policies and bindings in the cluster
`;
}
