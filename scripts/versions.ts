import { pinned } from './tools.ts';

/** What is built with Go: its name, the directory of `tools/` that pins it, its module, and what it is for. */
const BUILT = [
  ['OPA', 'opa', 'github.com/open-policy-agent/opa', 'compiles the policies, runs their tests'],
  ['conftest', 'conftest', 'github.com/open-policy-agent/conftest', 'a surface'],
  [
    'Gatekeeper, gator',
    'gator',
    'github.com/open-policy-agent/gatekeeper/v3',
    'a surface; on the control plane',
  ],
  [
    'the oldest gator',
    'gator-oldest',
    'github.com/open-policy-agent/gatekeeper/v3',
    'the same, at its oldest',
  ],
  ['Kubernetes', '.', 'k8s.io/kubernetes', 'the oracles and the control plane'],
  ['etcd', 'etcd', 'go.etcd.io/etcd/server/v3', 'its store'],
  ['kwok', 'kwok', 'sigs.k8s.io/kwok', 'its nodes'],
  ['Helm', 'helm', 'helm.sh/helm/v3', 'renders charts in tests'],
  [
    'kustomize',
    'kustomize',
    'sigs.k8s.io/kustomize/kustomize/v5',
    'renders kustomizations in tests; kubectl of Kubernetes too',
  ],
  ['actionlint', 'actionlint', 'github.com/rhysd/actionlint', 'checks the workflows'],
  ['kube-score', 'kube-score', 'github.com/zegl/kube-score', 'a peer in benchmarks'],
] as const;

const START = '<!-- versions: written by `make generate` -->\n';
const END = '<!-- end of versions -->\n';

/** Returns the page with the table of versions between its two marks. */
export function withVersions(page: string): string {
  const [before, rest = ''] = page.split(START);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error(`no region between ${START} and ${END}`);
  const rows = BUILT.map(([name, directory, module, purpose]) => {
    const home = directory === '.' ? 'tools/go.mod' : `tools/${directory}/go.mod`;
    return `| ${name} | ${pinned(directory, module)} | [${home}](../${home}) | ${purpose} |\n`;
  });
  const head = '| built from source | version | named in | for |\n|---|---|---|---|\n';
  return `${before}${START}${head}${rows.join('')}${END}${after}`;
}
