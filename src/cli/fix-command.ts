import { resolve, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { exitStatus } from '../exit-status.ts';
import type { Fixed, Fixes } from '../fixing/fixes.ts';
import { renderFixes, type ShownFix } from '../formats/fixes.ts';
import { problemLine } from '../formats/names.ts';
import { painter } from '../formats/paint.ts';
import { counted, thousands, visible } from '../formats/text.ts';
import { type InputError, NOWHERE, type Report } from '../report/report.ts';
import type { Arguments } from './args.ts';
import { withClusters } from './check-commands.ts';
import type { Deps } from './deps.ts';
import { realPath, replaceFile } from './disk.ts';
import { type Io, lineWidth, wantsColor } from './io.ts';
import { UNSAFE, WRITE } from './options.ts';
import type { Outcome } from './outcome.ts';
import { progressLine } from './progress.ts';
import type { ReadCluster } from './read-clusters.ts';
import { policySettings, type Settings } from './settings.ts';

/** Shows the fixes of the files that are checked, or writes them. */
export async function runFix(args: Arguments, io: Io, deps: Deps): Promise<Outcome> {
  // Every policy is asked, whichever are to be fixed: a fix must not add a finding of another one.
  const lists = new Map([...args.lists].filter(([name]) => !POLICY_FLAGS.includes(name)));
  return withClusters({ args: { ...args, lists }, io, deps }, async (clusters, settings) => {
    const { off } = policySettings(args, settings.config, deps);
    const isWanted = (policy: string) => !off.includes(policy);
    const progress = progressLine(io);
    const fixes = await deps.fix(clusters, {
      ...settings.policies,
      scope: settings.scope,
      onProgress: progress.update,
      isWanted,
      isEditable: editable(settings, clusters, io),
      nameOf: namesOf(clusters, io),
    });
    progress.clear();
    return outcomeOf(fixes, { args, io, clusters, settings, isWanted });
  });
}

const POLICY_FLAGS = ['policy', 'skip-policy'];

/**
 * Whether a file may be written: it is in a path that was named, itself or by what a link there leads to, and is no part
 * of what is rendered. Standard input has no file.
 */
function editable(
  { clusters: named }: Settings,
  clusters: readonly ReadCluster[],
  { cwd }: Io,
): (file: string) => boolean {
  const roots = named
    .flatMap(({ sources }) => sources.flatMap((one) => (one.kind === 'path' ? [one.path] : [])))
    .map((path) => realPath(resolve(cwd, path)))
    .filter((root) => root !== undefined);
  return (file) => {
    const real = file === '-' ? undefined : realPath(resolve(cwd, file));
    if (real === undefined || clusters.some(({ isPart }) => isPart(real))) return false;
    return roots.some(
      (root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep),
    );
  };
}

/** The first name of each file: by links, clusters may know one by several. */
function namesOf(clusters: readonly ReadCluster[], { cwd }: Io): (file: string) => string {
  const firsts = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { name } of clusters.flatMap(({ files }) => files)) {
    const real = name === '-' ? name : (realPath(resolve(cwd, name)) ?? name);
    const first = firsts.get(real) ?? name;
    firsts.set(real, first);
    names.set(name, first);
  }
  return (file) => names.get(file) ?? file;
}

interface Fixing {
  readonly args: Arguments;
  readonly io: Io;
  readonly clusters: readonly ReadCluster[];
  readonly settings: Settings;
  readonly isWanted: (policy: string) => boolean;
}

function outcomeOf(fixes: Fixes, fixing: Fixing): Outcome {
  const { args, io, settings, isWanted } = fixing;
  const isUnsafe = args.values.has(UNSAFE.name);
  const isWriting = args.values.has(WRITE.name);
  const { safe, suggested } = fixes;
  const remark = isUnsafe ? 'suggested' : 'suggested: --unsafe';
  const shown: readonly ShownFix[] = [
    ...safe.fixes,
    ...suggested.fixes.map((fix) => ({ ...fix, remark })),
  ];
  const width = args.values.get('width');
  const look = {
    paint: painter(wantsColor(io)),
    width: io.isTTY || width !== undefined ? lineWidth(io, width) : Number.POSITIVE_INFINITY,
  };
  const written = isUnsafe ? suggested : safe;
  const lost = isWriting ? writeAll(written, fixing) : [];
  const report = isWriting ? written.report : fixes.before;
  const isPart = report.inputErrors.length > 0;
  const found = shown.length > 0 ? 1 : 0;
  const { failOn, requireComponents } = settings;
  const after = exitStatus(wanted(report, isWanted), failOn, requireComponents);
  const page = renderFixes(shown, look);
  const open = wanted(suggested.report, isWanted).findings.filter(
    ({ status }) => status === 'open',
  );
  const sentence = isWriting
    ? writtenSentence(fixes, { isUnsafe, left: open.length, lost: lost.length })
    : foundSentence(fixes, open.length);
  return {
    stdout: `${page}${page === '' ? '' : '\n'}${sentence}${isPart ? ' Not everything could be checked.' : ''}\n`,
    stderr: [...report.inputErrors, ...lost].map((problem) => `${problemLine(problem)}\n`).join(''),
    status: isPart || lost.length > 0 ? 2 : isWriting ? after : found,
  };
}

function wanted(report: Report, isWanted: Fixing['isWanted']): Report {
  return { ...report, findings: report.findings.filter(({ policy }) => isWanted(policy)) };
}

type Lost = Omit<InputError, 'code'>;

/** Writes each file that has a fix. Returns a sentence for each that could not be written. */
function writeAll({ files }: Fixed, { clusters, io }: Fixing): readonly Lost[] {
  const read = new Map(
    clusters.flatMap((cluster) =>
      cluster.files.flatMap((file) =>
        'bytes' in file && file.rendered === undefined ? [[file.name, file.bytes] as const] : [],
      ),
    ),
  );
  return [...files].flatMap(([name, bytes]) => {
    try {
      replaceFile(resolve(io.cwd, name), { before: read.get(name), bytes, name: visible(name) });
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [{ message: error.message, ...NOWHERE }];
    }
  });
}

function foundSentence({ safe, suggested }: Fixes, left: number): string {
  const counts = [safe.fixes.length, suggested.fixes.length] as const;
  if (counts[0] + counts[1] === 0) {
    return left === 0 ? 'Nothing to fix: no open finding.' : `No fix: ${without(left)}.`;
  }
  const parts = [
    ...(counts[0] > 0 ? [counted(counts[0], 'safe fix').replace(/fixs$/, 'fixes')] : []),
    ...(counts[1] > 0 ? [`${thousands(counts[1])} suggested`] : []),
    ...(left > 0 ? [without(left)] : []),
  ];
  return `${parts.join(', ')}. Nothing was written: --write.`;
}

function without(count: number): string {
  return `${counted(count, 'finding')} ${count === 1 ? 'has' : 'have'} none`;
}

function writtenSentence(
  { safe, suggested }: Fixes,
  {
    isUnsafe,
    left,
    lost,
  }: { readonly isUnsafe: boolean; readonly left: number; readonly lost: number },
): string {
  const { files } = isUnsafe ? suggested : safe;
  const fixes = safe.fixes.length + (isUnsafe ? suggested.fixes.length : 0);
  const done = files.size - lost;
  const parts = [
    fixes === 0
      ? 'Nothing was written: there is no fix'
      : lost > 0
        ? `Wrote ${thousands(done)} of ${counted(files.size, 'file')}`
        : `Wrote ${counted(fixes, 'fix').replace(/fixs$/, 'fixes')} to ${counted(files.size, 'file')}`,
    ...(!isUnsafe && suggested.fixes.length > 0
      ? [`${thousands(suggested.fixes.length)} suggested: --unsafe`]
      : []),
    ...(left > 0 ? [without(left)] : []),
  ];
  return `${parts.join('. ')}.`;
}
