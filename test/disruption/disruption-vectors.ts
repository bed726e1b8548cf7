import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { readRows } from '../support/vectors.ts';
import { type Question, rolloutQuestion, same, type Verdict } from './disruption.ts';
import { type NodeCounts, portsQuestion, spreadOf } from './siblings.ts';

/** A question about disruption, the expected answer, and whether its objects pass API validation. */
export interface DisruptionVector {
  readonly id: string;
  readonly question: Question;
  /** The answer of both sides. */
  readonly answer: Verdict;
  /** The answer of the libraries alone. */
  readonly own: Verdict;
  readonly valid: boolean;
}

/** The rows of testdata/disruption/vectors.yaml. */
export function readDisruptionVectors(): readonly DisruptionVector[] {
  const { budgets, rollouts, spreads, ports } = readRows('disruption') as DisruptionRows;
  return [
    ...budgets.map(budgetVector),
    ...rollouts.map(rolloutVector),
    ...spreads.map(spreadVector),
    ...ports.map(({ id, first, second, clash }) => {
      const pod = (declared: JsonValue) => ({
        containers: [{ name: 'main', image: 'main', ports: declared }],
      });
      const question = portsQuestion(pod(first), pod(second));
      return { id, question, answer: { clash }, own: {}, valid: true };
    }),
  ];
}

interface DisruptionRows {
  readonly budgets: readonly BudgetRow[];
  readonly rollouts: readonly RolloutRow[];
  readonly spreads: readonly SpreadRow[];
  readonly ports: readonly (Row & {
    readonly first: JsonValue;
    readonly second: JsonValue;
    readonly clash: boolean;
  })[];
}

interface Row {
  readonly id: string;
  readonly valid?: boolean;
  readonly apiVersion?: string;
}

interface BudgetRow extends Row {
  readonly spec: JsonObject;
  readonly groups: readonly JsonObject[];
  readonly desired?: number;
  readonly allowed: number;
  readonly syncFailed?: boolean;
  readonly selects?: boolean;
}

function budgetVector(row: BudgetRow): DisruptionVector {
  const { id, apiVersion = 'policy/v1', spec, groups, desired, allowed } = row;
  const budget = {
    apiVersion,
    kind: 'PodDisruptionBudget',
    metadata: { name: 'budget' },
    spec: { selector: { matchLabels: { app: 'x' } }, ...spec },
  };
  return {
    id,
    question: same({ budget: { budget, labels: { app: 'x' }, groups } }),
    answer: {
      disruptionsAllowed: allowed,
      syncFailed: row.syncFailed ?? false,
      selects: row.selects ?? true,
      ...(desired !== undefined && { desiredHealthy: desired }),
    },
    own: {},
    valid: row.valid ?? true,
  };
}

interface RolloutRow extends Row {
  readonly kind: string;
  readonly older?: boolean;
  readonly replicas: number;
  readonly strategy?: JsonObject;
  readonly surge: number;
  readonly unavailable: number;
  readonly available: number;
}

function rolloutVector(row: RolloutRow): DisruptionVector {
  const { id, kind, replicas, strategy = {}, surge, unavailable, available } = row;
  const workload = {
    apiVersion: row.apiVersion ?? 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, [kind === 'Deployment' ? 'strategy' : 'updateStrategy']: strategy },
  };
  return {
    id,
    question: rolloutQuestion({ workload, nodes: replicas }, row.older ?? false),
    answer: { surge, unavailable, available },
    own: {},
    valid: row.valid ?? true,
  };
}

interface SpreadRow extends Row {
  readonly kind?: string;
  readonly replicas?: number;
  readonly strategy?: JsonObject;
  readonly nodes?: Partial<NodeCounts>;
  readonly pod?: JsonObject;
  /** Required anti-affinity terms. */
  readonly anti?: readonly JsonObject[];
  /** Required topology spread constraints. */
  readonly even?: readonly JsonObject[];
  readonly within: readonly string[];
  readonly across: readonly string[];
  readonly stuck?: boolean;
}

const NODE = { topologyKey: 'kubernetes.io/hostname' };

function spreadVector(row: SpreadRow): DisruptionVector {
  const { anti, even, within, across, stuck } = row;
  const terms = anti?.map((term) => ({ ...NODE, ...term }));
  const hard = { ...NODE, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' };
  const required = { requiredDuringSchedulingIgnoredDuringExecution: terms ?? [] };
  const spec = {
    containers: [{ name: 'main', image: 'main' }],
    nodeSelector: { pool: 'm' },
    ...(terms && { affinity: { podAntiAffinity: required } }),
    ...(even && {
      topologySpreadConstraints: even.map((constraint) => ({ ...hard, ...constraint })),
    }),
    ...row.pod,
  };
  const workload = {
    apiVersion: 'apps/v1',
    kind: row.kind ?? 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: row.replicas ?? 1,
      strategy: row.strategy ?? {},
      template: { metadata: { labels: { app: 'x' } }, spec },
    },
  };
  return {
    id: row.id,
    question: spreadOf(workload, { fit: 3, tainted: 0, unselected: 0, neither: 0, ...row.nodes }),
    answer: { within, across },
    own: stuck === undefined ? {} : { stuck },
    valid: true,
  };
}
