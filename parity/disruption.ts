import type { JsonObject } from '../src/goyaml/json.ts';
import { compileModule, LIBRARY } from './compile.ts';
import { oracleAnswers } from './oracle.ts';

/** A question about disruption, as the vocabulary is asked, and what Kubernetes is asked for it. */
export interface Posed {
  readonly ours: JsonObject;
  readonly theirs: readonly JsonObject[];
  /** Whether the scheduler is asked where the pods go, and not the kubelet alone. */
  readonly scheduled?: boolean;
}

/** What one side answers, in words and numbers that both can say. */
export type Verdict = Readonly<Record<string, unknown>>;

/** Compiles the vocabulary of a folder, `policies/lib` or a copy of it. */
export function compileDisruption(library = LIBRARY): (posed: Posed) => Verdict {
  const evaluate = compileModule('disruption', ['answer'], library);
  return ({ ours }) => ownVerdict(evaluate('answer', ours), ours);
}

/** What Kubernetes answers to each question; nothing where no pod of the workload could ever run. */
export function kubernetesVerdicts(questions: readonly Posed[]): readonly (Verdict | undefined)[] {
  const answers = oracleAnswers(
    'disruption-oracle',
    questions.flatMap(({ theirs }) => theirs),
  );
  let next = 0;
  return questions.map((posed) => {
    const own = answers.slice(next, next + posed.theirs.length);
    next += posed.theirs.length;
    return kubernetesVerdict(own, posed);
  });
}

function ownVerdict(answer: unknown, ours: JsonObject): Verdict {
  if ('ports' in ours) return { clash: answer };
  const said = answer as Record<string, unknown>;
  if ('rollout' in ours) return rolloutVerdict(said, (said['refused'] as string[]).length > 0);
  if ('spread' in ours) {
    // That its controller puts one pod on a node is no matter of the scheduler.
    const means = (found: unknown) =>
      (found as string[]).filter((name) => name !== 'DaemonSet').sort();
    return { within: means(said['within']), across: means(said['across']) };
  }
  const { reason: _, unready: __, ...rest } = said;
  return said['invalid'] === true ? { invalid: true } : sorted(rest);
}

function kubernetesVerdict(answers: readonly unknown[], posed: Posed): Verdict | undefined {
  const [first] = answers as readonly Record<string, unknown>[];
  if (first === undefined) throw new Error('nothing was asked');
  if ('ports' in posed.ours) return { clash: refusing(first as unknown as Refusals).length > 0 };
  if ('rollout' in posed.ours) return rolloutVerdict(first, first['refused'] === true);
  if ('spread' in posed.ours) return spreadVerdict(answers as readonly Refusals[], posed);
  const { message: _, invalid, ...rest } = first;
  if (Array.isArray(invalid) || invalid === undefined) return sorted(rest);
  return invalid === true ? { invalid } : sorted({ ...rest, invalid });
}

/** Counts that are refused mean nothing. */
function rolloutVerdict(said: Readonly<Record<string, unknown>>, refused: boolean): Verdict {
  const { strategy, replicas, surge, unavailable, available } = said;
  return refused ? { strategy, refused } : { strategy, replicas, surge, unavailable, available };
}

interface Refusals {
  readonly alone: readonly (readonly string[])[];
  readonly second: readonly (readonly string[])[];
}

const MEANS: Readonly<Record<string, string>> = {
  NodePorts: 'hostPort',
  InterPodAffinity: 'antiAffinity',
  PodTopologySpread: 'topologySpread',
};

function spreadVerdict(answers: readonly Refusals[], posed: Posed): Verdict | undefined {
  const isEnforced = (means: string) => posed.scheduled !== false || means === 'hostPort';
  const alone = answers.flatMap((answer) => answer.alone.flat().map((name) => MEANS[name] ?? name));
  if (alone.some(isEnforced)) return undefined;
  const [within = [], across = []] = answers.map((answer) => refusing(answer).filter(isEnforced));
  return { within, across };
}

/** By what means the second pod is refused on every node. */
function refusing({ second }: Refusals): readonly string[] {
  return Object.entries(MEANS)
    .filter(([plugin]) => second.every((names) => names.includes(plugin)))
    .map(([, means]) => means)
    .sort();
}

function sorted(verdict: Verdict): Verdict {
  return Object.fromEntries(Object.entries(verdict).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What decided, by the sort of the question. */
export function outcomesOf({ ours }: Posed, verdict: Verdict | undefined): readonly string[] {
  const [sort = ''] = Object.keys(ours);
  const names = (told: Readonly<Record<string, unknown>>) =>
    Object.entries(told).flatMap(([name, holds]) => (holds === true ? [`${sort}: ${name}`] : []));
  if (verdict === undefined) return [`${sort}: never placed`];
  if (verdict['invalid'] === true) return [`${sort}: invalid`];
  switch (sort) {
    case 'selector':
      return names({ selects: verdict['selects'], 'does not': verdict['selects'] === false });
    case 'scale':
      return names({ value: true });
    case 'budget':
      return names(budgetOutcomes(verdict));
    case 'rollout':
      return names(rolloutOutcomes(verdict));
    case 'ports':
      return names({ clash: verdict['clash'], free: verdict['clash'] === false });
    default:
      return names(spreadOutcomes(verdict));
  }
}

function budgetOutcomes(verdict: Verdict): Verdict {
  const [healthy, desired] = [Number(verdict['currentHealthy']), Number(verdict['desiredHealthy'])];
  const isSynced = verdict['syncFailed'] === false && verdict['selects'] === true;
  return {
    'not its pods': verdict['selects'] === false,
    'cannot sync': verdict['selects'] === true && verdict['syncFailed'],
    allows: Number(verdict['disruptionsAllowed']) > 0,
    'none to spare': isSynced && desired > 0 && healthy <= desired,
    'counts none': isSynced && verdict['expectedPods'] === 0 && healthy > 0,
  };
}

function rolloutOutcomes(verdict: Verdict): Verdict {
  const { replicas, surge, unavailable, available, strategy, refused } = verdict;
  return {
    refused,
    surges: Number(surge) > 0,
    'takes some down': Number(unavailable) > 0 && Number(available) > 0,
    'takes all down': Number(replicas) > 0 && available === 0,
    recreates: strategy === 'Recreate',
    'on delete': strategy === 'OnDelete',
  };
}

function spreadOutcomes(verdict: Verdict): Verdict {
  const within = verdict['within'] as readonly string[];
  const across = verdict['across'] as readonly string[];
  const alone = Object.fromEntries(within.length === 1 ? within.map((name) => [name, true]) : []);
  return {
    ...alone,
    together: within.length === 0 && across.length === 0,
    'within one revision': within.length > 0 && across.length === 0,
    'across revisions': within.length === 0 && across.length > 0,
  };
}
