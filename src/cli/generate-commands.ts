import { resolve } from 'node:path';
import { leftOut, type WaiversOn } from '../config/expiry.ts';
import { isForEnvironment } from '../config/waiver.ts';
import { counted, visible } from '../formats/text.ts';
import { FIRST_STAGE, STAGES } from '../gatekeeper/enforcement.ts';
import { CONFIGURATION } from '../gatekeeper/webhook.ts';
import type { Profile } from '../profile/profile.ts';
import { type Arguments, usage } from './args.ts';
import type { Deps } from './deps.ts';
import { writeBelow } from './disk.ts';
import type { Io } from './io.ts';
import { invalidFiles, type Outcome, success } from './outcome.ts';
import { profileOf, type Run } from './read-clusters.ts';
import { readSettings, type Settings } from './settings.ts';

// The commands that write files for other engines.

export function runGenerateGatekeeper(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  const stage = STAGES.find((one) => one === args.values.get('enforcement')) ?? FIRST_STAGE;
  return runGenerate(args, io, {
    deps,
    generate: (profile, waiving) => deps.generateGatekeeper(profile, stage, waiving),
    ...(stage === 'deny' && { demand: failClosed }),
  });
}

export function runGenerateConftest(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  return runGenerate(args, io, { deps, generate: deps.generateConftest });
}

interface Generation {
  readonly deps: Deps;
  readonly generate: (profile: Profile, waiving: WaiversOn) => Promise<ReadonlyMap<string, string>>;
  /** What else a user must do, given the directory of the files. */
  readonly demand?: (out: string) => string;
}

async function runGenerate(args: Arguments, io: Io, generation: Generation): Promise<Outcome> {
  const { deps, generate, demand } = generation;
  return withProfile({ args, io, deps }, async (profile, { policies, clusters }) => {
    const out = args.values.get('out') ?? '';
    const { waivers, today } = policies.acceptance;
    const environment = clusters[0]?.environment;
    const waiving = { waivers: waivers.filter((one) => isForEnvironment(one, environment)), today };
    const files = await generate(profile, waiving);
    writeBelow(resolve(io.cwd, out), files);
    const stdout = `${counted(files.size, 'file')} written to ${visible(out)}\n`;
    const expired = leftOut(waiving).map((text) => `bulkhead: ${visible(text)}\n`);
    return { ...success(stdout), stderr: expired.join('') + (demand?.(visible(out)) ?? '') };
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
function failClosed(out: string): string {
  return `Before these Constraints deny, make Gatekeeper fail closed: by default, a request that it does not answer
within 3 seconds is admitted unchecked. With its Helm chart: --values ${out}/webhook/values.yaml. Without:
kubectl patch validatingwebhookconfiguration ${CONFIGURATION} --patch-file ${out}/webhook/patch.yaml
`;
}
