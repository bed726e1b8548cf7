import type { JsonObject } from '../../src/kubernetes/json.ts';
import { compileModule, LIBRARY } from '../support/compile.ts';
import { oracleAnswers } from '../support/oracle.ts';

/** A question about disruption, as the vocabulary is asked, and what Kubernetes is asked for it. */
export interface Posed {
  readonly ours: JsonObject;
  readonly theirs: readonly JsonObject[];
  /** Whether the scheduler is asked where the pods go, and not the kubelet alone. */
  readonly scheduled?: boolean;
}

/** A question that both are asked in the same words. */
export function same(question: JsonObject): Posed {
  return { ours: question, theirs: [question] };
}

/** What one side answers, in words and numbers that both can say. */
export type Verdict = Readonly<Record<string, unknown>>;

/** Compiles the vocabulary of a folder, `policies/lib` or a copy of it. */
export function compileDisruption(library = LIBRARY): Vocabulary {
  const evaluate = compileModule('disruption/disruption', ['answer'], library);
  const answer = ({ ours }: Posed) => evaluate('answer', ours);
  return { answer, verdict: (posed) => ownVerdict(answer(posed), posed.ours) };
}

/** The vocabulary: all that it answers, and what Kubernetes' code answers as well. */
export interface Vocabulary {
  readonly answer: (posed: Posed) => unknown;
  readonly verdict: (posed: Posed) => Verdict;
}

/** What Kubernetes answers to each question; nothing where no pod of the workload could ever run. */
export function kubernetesVerdicts(questions: readonly Posed[]): readonly (Verdict | undefined)[] {
  const answers = kubernetesAnswers(questions);
  return questions.map((posed, index) => kubernetesVerdict(answers[index] ?? [], posed));
}

/** All that Kubernetes answers to each question. */
export function kubernetesAnswers(questions: readonly Posed[]): readonly (readonly unknown[])[] {
  const asked = questions.flatMap(({ theirs }) => theirs);
  const answers = oracleAnswers('disruption-oracle', asked);
  let next = 0;
  return questions.map(({ theirs }) => {
    next += theirs.length;
    return answers.slice(next - theirs.length, next);
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
  const { causes: _, ...rest } = said;
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
