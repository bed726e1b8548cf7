import type { Question, Verdict } from './disruption.ts';

/** Every outcome that outcomesOf can return. */
export const OUTCOMES = [
  ...['selector: selects', 'selector: does not', 'selector: invalid'],
  ...['scale: value', 'scale: invalid'],
  ...['budget: not its pods', 'budget: cannot sync', 'budget: allows'],
  ...['budget: none to spare', 'budget: counts none'],
  ...['rollout: refused', 'rollout: surges', 'rollout: takes some down'],
  ...['rollout: takes all down', 'rollout: recreates', 'rollout: on delete'],
  ...['spread: hostPort', 'spread: antiAffinity', 'spread: topologySpread', 'spread: together'],
  ...['spread: within one revision', 'spread: across revisions', 'spread: never placed'],
  ...['spread: over nodes'],
  ...['ports: clash', 'ports: free'],
  ...['placed: full', 'placed: has room', 'placed: fits nowhere'],
];

/** Returns the outcomes of a question, each after its kind. */
export function outcomesOf({ ours }: Question, verdict: Verdict | undefined): readonly string[] {
  const [sort = ''] = Object.keys(ours);
  const names = (outcomes: Readonly<Record<string, unknown>>) =>
    Object.entries(outcomes).flatMap(([name, holds]) =>
      holds === true ? [`${sort}: ${name}`] : [],
    );
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
    case 'placed':
      return names({
        full: verdict['full'],
        'has room': verdict['full'] === false,
        'fits nowhere': (verdict['fit'] as readonly string[]).length === 0,
      });
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
    'over nodes': verdict['spreads'],
    'within one revision': within.length > 0 && across.length === 0,
    'across revisions': within.length === 0 && across.length > 0,
  };
}
