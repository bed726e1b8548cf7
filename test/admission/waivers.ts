import type { Waiver } from '../../src/config/waiver.ts';

const GRANT = {
  reason: 'A test.',
  owner: 'team',
  expires: 'never',
  place: { file: 'bulkhead.yaml', line: 1, column: 1 },
} as const;

/** Of whole objects and of one field, by name and by pattern, of a cluster and of one that has expired. */
export const WAIVERS: readonly Waiver[] = [
  {
    ...GRANT,
    policies: ['control-plane-intrusion', 'scheduler-bypass'],
    match: { kind: 'DaemonSet', namespace: 'logging', name: 'agent' },
  },
  {
    ...GRANT,
    policies: ['control-plane-intrusion'],
    match: { kind: 'Deployment', namespace: 'logging', name: 'web-*' },
    path: ['spec', 'template', 'spec', 'tolerations', '*'],
  },
  {
    ...GRANT,
    policies: ['control-plane-intrusion'],
    match: { kind: 'CronJob', namespace: 'logging', name: 'cleaner' },
    path: ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'tolerations', '*'],
  },
  {
    ...GRANT,
    policies: ['untainted-control-plane-node'],
    match: { kind: 'Node', name: 'lab-*' },
  },
  {
    ...GRANT,
    policies: ['wrong-replica-count'],
    match: { kind: 'Deployment', namespace: 'kube-system', name: 'coredns' },
    path: ['spec', 'replicas'],
  },
  {
    ...GRANT,
    expires: '2026-11-29',
    policies: ['control-plane-intrusion'],
    match: { kind: 'DaemonSet', namespace: 'logging', name: 'expired' },
  },
];
