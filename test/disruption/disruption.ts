import type { JsonObject } from '../../src/kubernetes/json.ts';
import { compileModule, LIBRARY } from '../support/compile.ts';
import { oracleAnswers } from '../support/oracle.ts';
import type { Workload } from './siblings.ts';

/** A question about disruption: in the form of the libraries, and in that of the oracle. */
export interface Question {
  readonly ours: JsonObject;
  readonly theirs: readonly JsonObject[];
  /** The feature gates that the oracle has on or off, as Kubernetes takes them. */
  readonly gates?: string;
  /** Whether the scheduler places the pods. Otherwise only the kubelet decides. */
  readonly scheduled?: boolean;
}

/** A question with the same form for both. */
export function same(question: JsonObject): Question {
  return { ours: question, theirs: [question] };
}

/** Asks how a workload is updated, also by a profile of an older Kubernetes. */
export function rolloutQuestion(rollout: JsonObject, isOlder: boolean): Question {
  if (!isOlder) return same({ rollout });
  return {
    ours: { rollout, parameters: { kubernetes: '1.36' } },
    theirs: [{ rollout }],
    gates: 'MaxUnavailableStatefulSet=false',
  };
}

/** The answer of one side, as far as both have it. */
export type Verdict = Readonly<Record<string, unknown>>;

/** Compiles the libraries of a directory, `policies/lib` or a copy of it. */
export function compileDisruption(library = LIBRARY): Disruption {
  const evaluate = compileModule('disruption/disruption', ['answer'], library);
  const answer = ({ ours }: Question) => evaluate('answer', ours);
  return { answer, verdict: (question) => ownVerdict(answer(question), question.ours) };
}

/** The libraries: their whole answer, and the part that Kubernetes' code answers as well. */
export interface Disruption {
  readonly answer: (question: Question) => unknown;
  readonly verdict: (question: Question) => Verdict;
}

/** The verdict of Kubernetes for each question; undefined where no pod of the workload can run. */
export function kubernetesVerdicts(
  questions: readonly Question[],
): readonly (Verdict | undefined)[] {
  const answers = kubernetesAnswers(questions);
  return questions.map((question, index) => kubernetesVerdict(answers[index] ?? [], question));
}

/** The answers of Kubernetes to each question. */
export function kubernetesAnswers(questions: readonly Question[]): readonly (readonly unknown[])[] {
  const answers = new Map<Question, readonly unknown[]>();
  for (const gates of new Set(questions.map((question) => question.gates))) {
    const asked = questions.filter((question) => question.gates === gates);
    const argv = gates === undefined ? [] : [`--feature-gates=${gates}`];
    const given = oracleAnswers(
      'disruption-oracle',
      asked.flatMap(({ theirs }) => theirs),
      argv,
    );
    let next = 0;
    for (const question of asked) {
      answers.set(question, given.slice(next, next + question.theirs.length));
      next += question.theirs.length;
    }
  }
  return questions.map((question) => answers.get(question) ?? []);
}

function ownVerdict(answer: unknown, ours: JsonObject): Verdict {
  if ('ports' in ours) return { clash: answer };
  const parts = answer as Record<string, unknown>;
  if ('placed' in ours) {
    const fit = parts['fit'] as readonly string[];
    return fit.length === 0 ? { fit } : { fit, full: parts['full'] };
  }
  if ('rollout' in ours) return rolloutVerdict(parts, (parts['refused'] as string[]).length > 0);
  if ('spread' in ours) {
    // The scheduler does not know that a DaemonSet has one pod per node.
    const means = (found: unknown) =>
      (found as string[]).filter((name) => name !== 'DaemonSet').sort();
    return {
      within: means(parts['within']),
      across: means(parts['across']),
      spreads: isSpread(ours) && parts['spreads'],
    };
  }
  const { causes: _, ...rest } = parts;
  return parts['invalid'] === true ? { invalid: true } : sorted(rest);
}

function kubernetesVerdict(answers: readonly unknown[], question: Question): Verdict | undefined {
  const [first] = answers as readonly Record<string, unknown>[];
  if (first === undefined) throw new Error('the oracle gave no answer');
  if ('ports' in question.ours) return { clash: refusing(first as unknown as Refusals).length > 0 };
  if ('rollout' in question.ours) return rolloutVerdict(first, first['refused'] === true);
  if ('placed' in question.ours) return placedVerdict(first as unknown as Refusals);
  if ('spread' in question.ours) return spreadVerdict(answers as readonly Refusals[], question);
  const { message: _, invalid, ...rest } = first;
  if (Array.isArray(invalid) || invalid === undefined) return sorted(rest);
  return invalid === true ? { invalid } : sorted({ ...rest, invalid });
}

/** Counts that are rejected mean nothing. */
function rolloutVerdict(answer: Readonly<Record<string, unknown>>, refused: boolean): Verdict {
  const { strategy, replicas, surge, unavailable, available } = answer;
  return refused ? { strategy, refused } : { strategy, replicas, surge, unavailable, available };
}

interface Refusals {
  readonly fit?: readonly string[];
  readonly alone: readonly (readonly string[])[];
  readonly second: readonly (readonly string[])[];
}

const MEANS: Readonly<Record<string, string>> = {
  NodePorts: 'hostPort',
  InterPodAffinity: 'antiAffinity',
  PodTopologySpread: 'topologySpread',
};

function spreadVerdict(answers: readonly Refusals[], question: Question): Verdict | undefined {
  const isEnforced = (means: string) => question.scheduled !== false || means === 'hostPort';
  const alone = answers.flatMap((answer) => answer.alone.flat().map((name) => MEANS[name] ?? name));
  if (alone.some(isEnforced)) return undefined;
  const [within = [], across = [], gathered = []] = answers.map((answer) =>
    refusing(answer).filter(isEnforced),
  );
  return {
    within,
    across,
    spreads: isSpread(question.ours) && gathered.includes('topologySpread'),
  };
}

/** Host ports of the pods do not matter; no pod is placed where a node lacks the label of a topology. */
function placedVerdict(answer: Refusals): Verdict | undefined {
  const { fit = [], alone, second } = answer;
  if (alone.flat().includes('PodTopologySpread')) return undefined;
  const isFull = second.every((names) => names.includes('PodTopologySpread'));
  return fit.length === 0 ? { fit: [] } : { fit: [...fit].sort(), full: isFull };
}

/** Whether a scheduler chooses among nodes: the controller of a DaemonSet binds its pods. */
function isSpread({ spread }: JsonObject): boolean {
  const { kind, spec } = (spread as { workload: Workload }).workload;
  const { nodeName = '' } = (spec.template['spec'] ?? {}) as { nodeName?: string };
  return kind !== 'DaemonSet' && nodeName === '';
}

/** The filters that reject the second pod on every node. */
function refusing({ second }: Refusals): readonly string[] {
  return Object.entries(MEANS)
    .filter(([plugin]) => second.every((names) => names.includes(plugin)))
    .map(([, means]) => means)
    .sort();
}

function sorted(verdict: Verdict): Verdict {
  return Object.fromEntries(Object.entries(verdict).sort(([a], [b]) => (a < b ? -1 : 1)));
}
