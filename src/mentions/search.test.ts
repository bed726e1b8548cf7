import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtBulkhead, shippedProfile } from '../../test/support/bulkhead.ts';
import { sized } from '../../test/support/settings.ts';
import { readInput } from '../input.ts';
import type { JsonObject } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import { catalogueFor } from '../policy/parameters.ts';
import { createSearch } from './search.ts';

const { catalogue } = builtBulkhead();
const profile = shippedProfile('kubeadm');
const search = createSearch(catalogueFor(catalogue, profile).policies, profile);

const CODES = {
  PLACEMENT_MENTIONED: 'word',
  OBJECT_EMBEDDED: 'object',
  KIND_UNSUPPORTED: 'pods',
  NODE_COMMAND: 'command',
  REPLICAS_OVERRIDDEN: 'replicas',
};

/** What is found in the objects of a file, as `word tolerations`. */
function found(text: string, by = search): readonly string[] {
  const { objects, errors } = readInput([
    { name: 'a.yaml', bytes: new TextEncoder().encode(text) },
  ]);
  assert.deepEqual(errors, []);
  return objects.flatMap(({ value }) =>
    by(value).map(({ code, what }) =>
      code === 'KIND_UNSUPPORTED' ? 'pods' : `${CODES[code]} ${what}`,
    ),
  );
}

/** A custom resource with these fields, in the flow style of YAML. */
function shop(fields: string): string {
  return `{apiVersion: shop.example.com/v1, kind: Shop, metadata: {name: web}, ${fields}}`;
}

interface Row {
  readonly what: string;
  readonly text: string;
  readonly finds: readonly string[];
}

function rows(subject: string, table: readonly Row[]): void {
  describe(subject, () => {
    for (const { what, text, finds } of table) {
      test(what, () => assert.deepEqual(found(text), finds));
    }
  });
}

/** The same for fields of a custom resource: its spec, and the word that is found. */
function fields(subject: string, table: Readonly<Record<string, string | null>>): void {
  rows(
    subject,
    Object.entries(table).map(([spec, word]) => ({
      what: spec,
      text: shop(`spec: ${spec}`),
      finds: word === null ? [] : [`word ${word}`],
    })),
  );
}

fields('a key in any spelling', {
  '{tolerations: [{operator: Exists}]}': 'tolerations',
  '{toleration: {operator: Exists}}': 'toleration',
  '{extraTolerations: [{operator: Exists}]}': 'extraTolerations',
  '{pod_tolerations: [{operator: Exists}]}': 'pod_tolerations',
  '{DAEMON-TOLERATIONS: "op=Exists"}': 'DAEMON-TOLERATIONS',
  '{tolerationsByRole: {db: [{operator: Exists}]}}': 'tolerationsByRole',
  '{"tolerations[0].operator": Exists}': 'tolerations[0].operator',
  '{tolerateAll: true}': 'tolerateAll',
  '{toleratesControlPlane: "yes"}': 'toleratesControlPlane',
  '{traits: {pods: {taints: ["a=b:NoSchedule"]}}}': 'taints',
  '{startupTaints: []}': 'startupTaints',
  '{nodeSelector: {disk: ssd}}': 'nodeSelector',
  '{node_selector: {disk: ssd}}': 'node_selector',
  '{node-selectors: [{disk: ssd}]}': 'node-selectors',
  '{"node selector": "disk=ssd"}': 'node selector',
  '{spark.kubernetes.node.selector.disk: ssd}': 'spark.kubernetes.node.selector.disk',
  '{nodeSelectorLabels: ["disk:ssd"]}': 'nodeSelectorLabels',
  '{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {}, x: 1}}}':
    'nodeAffinity',
  '{node_affinity_labels: [disk]}': 'node_affinity_labels',
  '{node_readiness_label: {status: ready}}': 'node_readiness_label',
  '{nodeName: cp-1}': 'nodeName',
  '{targetNodeName: cp-1}': 'targetNodeName',
  '{node_names: [cp-1]}': 'node_names',
  '{"node name": cp-1}': 'node name',
  '{schedulerName: volcano}': 'schedulerName',
  '{runOnMasters: true}': 'runOnMasters',
  '{schedule_on_control_plane: "yes"}': 'schedule_on_control_plane',
  '{"toler\\\\u0061tions": [a]}': 'toler\\u0061tions',
  '{labels: {node-role.kubernetes.io/control-plane: ""}}': 'node-role.kubernetes.io/control-plane',
  '{labels: {node-role.kubernetes.io/edge: ""}}': 'node-role.kubernetes.io/edge',
});

fields('a text in any spelling', {
  '{set: "tolerations[0].operator=Exists"}': 'tolerations[0].operator',
  '{args: ["--default-tolerations=a:NoExecute"]}': '--default-tolerations',
  '{values: "controller:\\n  tolerations:\\n    - operator: Exists\\n"}': 'tolerations',
  '{values: "? tolerations\\n: [{operator: Exists}]\\n"}': 'tolerations',
  '{items: [tolerations, image]}': 'tolerations',
  '{value: "dedicated:NoSchedule"}': 'NoSchedule',
  '{value: "dedicated=x:PreferNoSchedule"}': 'PreferNoSchedule',
  '{path: /spec/template/spec/nodeSelector/disk}': '/spec/template/spec/nodeSelector/disk',
  '{path: /spec/template/spec/affinity}': '/spec/template/spec/affinity',
  '{location: spec.affinity}': 'spec.affinity',
  '{location: spec.nodeName}': 'spec.nodeName',
  '{parameters: [{name: controller.nodeName, value: cp-1}]}': 'controller.nodeName',
  '{values: "nodeName: cp-1\\n"}': 'nodeName',
  '{values: "{\\"nodeName\\": \\"cp-1\\"}"}': 'nodeName',
  '{values: "? nodeName\\n: cp-1\\n"}': 'nodeName',
  '{patches: [{patch: "spec: {template: {spec: {affinity: null}}}"}]}': 'affinity: null',
  '{patches: [{spec: {affinity: {$patch: delete}}}]}': 'affinity',
  '{args: ["--set", "nodeName=cp-1"]}': 'nodeName=cp-1',
  '{key: node-role.kubernetes.io/control-plane}': 'node-role.kubernetes.io/control-plane',
  '{run: "kubectl taint nodes --all node-role.kubernetes.io/control-plane-"}': 'kubectl taint',
  '{run: "kubectl \\\\\\n  taint $NODE a-"}': 'kubectl \\\n  taint',
  '{run: "for n in $NODES; do kubectl taint $n a:NoSchedule-; done"}': 'kubectl taint',
  '{values: "tolerations: []\\nnodeSelector: {a: b}\\n"}': 'nodeSelector',
  '{values: "tolerations:\\n  []\\n"}': 'tolerations',
  '{values: "tolerations: [] {{ more }}\\n"}': 'tolerations',
  '{values: "nodeSelector:\\n  node-role.kubernetes.io/control-plane: \\"\\"\\n"}': 'nodeSelector',
  '{values: "matchLabels: {node-role.kubernetes.io/control-plane: \\"\\"}"}':
    'node-role.kubernetes.io/control-plane',
  '{values: "startupTaints: []\\n"}': 'startupTaints',
  '{values: "registerWithTaints: []\\n"}': 'registerWithTaints',
  '{patch: "spec: {nodeSelector: null}"}': 'nodeSelector',
  '{patches: [{patch: "nodeSelector: {}"}]}': 'nodeSelector',
  '{text: "spec: {nodeSelector: {}, $patch: replace}"}': 'nodeSelector',
  '{run: "kubectl patch deployment a -p \'{nodeSelector: null}\'"}': 'nodeSelector',
  '{run: "kubectl label --overwrite node cp-1 a=b"}': 'kubectl label --overwrite node',
});

fields('a word behind escapes', {
  '{patch: \'{"toler\\u0061tions":[{"operator":"Exists"}]}\'}': 'tolerations',
  '{patch: \'{\\"spec\\":{\\"toler\\\\u0061tions\\":[]}}\'}': 'tolerations',
  '{patch: \'"toler\\x61tions": [{operator: Exists}]\'}': 'tolerations',
  '{patch: \'"toler\\U00000061tions": []\'}': 'tolerations',
  '{patch: \'{"no\\u0064eN\\u0061me":"cp-1"}\'}': 'nodeName',
  '{path: "/metadata/labels/node-role.kubernetes.io~1control-plane"}':
    '/metadata/labels/node-role.kubernetes.io',
  "{set: 'nodeLabels.node-role\\.kubernetes\\.io/worker=x'}":
    'nodeLabels.node-role.kubernetes.io/worker',
  '{source: "data:,toler%61tions%3A%20%5Ba%5D"}': 'tolerations',
  '{source: "data:,%FFtoler%FF%61tions %ff%74aint"}': 'fftaint',
  '{source: "data:text/plain;base64,dG9sZXJhdGlvbnM6IFthXQo="}': 'tolerations',
  '{content: dG9sZXJhdGlvbnM6IFt7b3BlcmF0b3I6IEV4aXN0c31dCg==}': 'tolerations',
  '{content: "write_files: [{content: bm9kZVNlbGVjdG9yOiB7YTogYn0K}]"}': 'nodeSelector',
  '{content: "eyJ0b2xlclx1MDA2MXRpb25zIjpbMV19"}': 'tolerations',
});

test('base64 that is broken into lines, and a word that a line of YAML continues', () => {
  const base64 = Buffer.from(`${'a: b\n'.repeat(20)}tolerations: [a]\n`).toString('base64');
  const lines = base64.replaceAll(/.{76}/g, '$&\n').split('\n').join('\n    ');
  const text = `apiVersion: example.com/v1\nkind: Shop\nspec:\n  content: |\n    ${lines}\n  values: |\n    "toler\\\n      ations": [a]\n`;
  assert.deepEqual(found(text), ['word tolerations', 'word tolerations']);
});

fields('what has such a word and places nothing', {
  '{tolerations: []}': null,
  '{tolerations: null, nodeSelector: {}, nodeName: "", affinity: {nodeAffinity: {}}}': null,
  '{taintToleration: ""}': null,
  '{tolerateAll: false, runOnMasters: false}': null,
  '{schedulerName: default-scheduler}': null,
  '{taints: null}': null,
  '{affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}}': null,
  '{topologySpreadConstraints: [{topologyKey: kubernetes.io/hostname, nodeTaintsPolicy: Honor}]}':
    null,
  '{nodeTaintsPolicy: Honor}': null,
  '{env: [{name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]}': null,
  '{env: {K8S_NODE_NAME: x, node.name: y}}': null,
  '{values: "env:\\n  - name: NODE_NAME\\n    valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\\n"}':
    null,
  '{values: "# tolerations: []\\nimage: a\\n"}': null,
  '{values: "nodeSelector: {}\\ntolerations: []\\naffinity: {}\\n"}': null,
  '{values: "a:\\n  nodeSelector: { } # none\\n  tolerations: null\\n  nodeName: \\"\\"\\n"}': null,
  '{values: "{\\"nodeSelector\\": {}, \\"tolerations\\":[]}"}': null,
  '{values: "{\\\\\\"nodeName\\\\\\": \\\\\\"\\\\\\", \\\\\\"tolerations\\\\\\":[]}"}': null,
  '{values: "a.tolerations: []\\r\\nextra-node-selector: ~\\r\\nnodeAffinity: {}"}': null,
  '{relabel: [{sourceLabels: [__meta_kubernetes_pod_node_name], targetLabel: node_role}]}': null,
  '{expr: "kube_node_spec_taint{effect=\\"NoSchedule\\"} > 0"}': null,
  '{expr: "sum by (nodeName) (up{nodeName=~\\"$node\\"})"}': null,
  '{panels: "{\\"targets\\":[{\\"x\\":\\"up{nodeName=\\\\\\"a\\\\\\"}\\",\\"legend\\":\\"{{nodeName}}\\"}]}"}':
    null,
  '{description: Removes the taint of a node that is ready}': null,
  '{docs: "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/"}': null,
  '{topologyKey: kubernetes.io/hostname}': null,
  '{uncertainty: 3, tolerance: 5, sessionAffinity: ClientIP}': null,
  '{hostname: a, nodes: 3, node: {name: a}}': null,
  '{ignoreDifferences: [{group: apps, kind: Deployment, jsonPointers: [/spec/template/spec/tolerations]}]}':
    null,
  '{scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}': null,
  '{ca: TUlJQ2xEQ0NBWHdDQ1FEUHRUNGpRZW1CYURBTkJna3Foa2lHOXcwQkFRc0ZBREFNTVFvd0NBWURWUVFEREFFcQ==}':
    null,
});

test('prose that has the word as a key is no prose', () => {
  assert.deepEqual(found(shop('spec: {description: "tolerations: [{operator: Exists}]"}')), [
    'word tolerations',
  ]);
});

rows('what controllers write', [
  {
    what: 'a status',
    text: shop('status: {nodeName: cp-1, tolerations: [{operator: Exists}]}'),
    finds: [],
  },
  {
    what: 'metadata of the API server and of kubectl',
    text: `apiVersion: example.com/v1
kind: Shop
metadata:
  name: taint-toleration
  managedFields: [{fieldsV1: {"f:spec": {"f:tolerations": {"f:x": {}}}}}]
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"spec":{"tolerations":[{"operator":"Exists"}]}}'
`,
    finds: [],
  },
  {
    what: 'an annotation of the author',
    text: `{apiVersion: example.com/v1, kind: Agent, metadata: {annotations: {example.com/nodeSelector: '{"a":"b"}'}}}`,
    finds: ['word example.com/nodeSelector'],
  },
  {
    what: 'the name of a setting that is one value',
    text: '{apiVersion: longhorn.io/v1beta2, kind: Setting, metadata: {name: system-node-selector}, value: "disk:ssd"}',
    finds: ['word system-node-selector'],
  },
]);

rows('what changes other objects', [
  {
    what: 'Assign',
    text: '{apiVersion: mutations.gatekeeper.sh/v1, kind: Assign, spec: {applyTo: [{kinds: [Pod]}], location: "spec.nodeSelector.disk", parameters: {assign: {value: ssd}}}}',
    finds: ['word spec.nodeSelector.disk'],
  },
  {
    what: 'Assign of a whole spec',
    text: '{apiVersion: mutations.gatekeeper.sh/v1, kind: Assign, spec: {location: spec, parameters: {assign: {value: {tolerations: [{operator: Exists}]}}}}}',
    finds: ['word tolerations'],
  },
  {
    what: 'Assign of a scheduler',
    text: '{apiVersion: mutations.gatekeeper.sh/v1, kind: Assign, spec: {location: spec.schedulerName, parameters: {assign: {value: own}}}}',
    finds: ['word spec.schedulerName'],
  },
  {
    what: 'ModifySet',
    text: '{apiVersion: mutations.gatekeeper.sh/v1, kind: ModifySet, spec: {location: spec.template.spec.tolerations, parameters: {operation: merge, values: {fromList: [{operator: Exists}]}}}}',
    finds: ['word spec.template.spec.tolerations'],
  },
  {
    what: 'AssignMetadata of labels of pods',
    text: '{apiVersion: mutations.gatekeeper.sh/v1, kind: AssignMetadata, spec: {match: {kinds: [{apiGroups: [""], kinds: [Pod]}]}, location: metadata.labels.k8s-app, parameters: {assign: {value: kube-dns}}}}',
    finds: ['word metadata.labels.k8s-app'],
  },
  {
    what: 'AssignMetadata of labels of nodes, or of whatever',
    text: '{apiVersion: mutations.gatekeeper.sh/v1, kind: AssignMetadata, spec: {location: metadata.labels.tier, parameters: {assign: {value: a}}}}',
    finds: ['word metadata.labels.tier'],
  },
  {
    what: 'AssignMetadata of annotations, or of labels of Services',
    text: `{apiVersion: mutations.gatekeeper.sh/v1, kind: AssignMetadata, spec: {location: metadata.annotations.a, parameters: {assign: {value: b}}}}
---
{apiVersion: mutations.gatekeeper.sh/v1, kind: AssignMetadata, spec: {match: {kinds: [{apiGroups: [""], kinds: [Service]}]}, location: metadata.labels.a, parameters: {assign: {value: b}}}}`,
    finds: [],
  },
  {
    what: 'Assign of something else, on the condition that a pod has no toleration',
    text: '{apiVersion: mutations.gatekeeper.sh/v1, kind: Assign, spec: {match: {labelSelector: {matchLabels: {nodeSelector: a}}}, location: spec.dnsPolicy, parameters: {pathTests: [{subPath: spec.tolerations, condition: MustNotExist}], assign: {value: Default}}}}',
    finds: [],
  },
  {
    what: 'a strategic merge of Kyverno, with an anchor',
    text: '{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {rules: [{name: a, mutate: {patchStrategicMerge: {spec: {+(tolerations): [{operator: Exists}]}}}}]}}',
    finds: ['word +(tolerations)'],
  },
  {
    what: 'one that takes a field away',
    text: '{apiVersion: kyverno.io/v1, kind: Policy, spec: {rules: [{name: a, mutate: {patchStrategicMerge: {spec: {nodeSelector: null}}}}]}}',
    finds: ['word nodeSelector'],
  },
  {
    what: 'one of containers, and of where pods run beside each other',
    text: '{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {rules: [{name: a, mutate: {patchStrategicMerge: {spec: {containers: [{(name): "*", imagePullPolicy: Always}], +(affinity): {+(podAntiAffinity): {}}}}}}]}}',
    finds: [],
  },
  {
    what: 'one that takes all affinity away',
    text: '{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {rules: [{name: a, mutate: {patchStrategicMerge: {spec: {affinity: null}}}}]}}',
    finds: ['word affinity'],
  },
  {
    what: 'a JSON patch of Kyverno',
    text: `{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {rules: [{name: a, mutate: {patchesJson6902: "- op: add\\n  path: /spec/nodeName\\n  value: cp-1\\n"}}]}}`,
    finds: ['word /spec/nodeName'],
  },
  {
    what: 'a patch of each element, from a variable of the context',
    text: '{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {rules: [{name: a, context: [{name: t, variable: {value: [{effect: NoSchedule}]}}], mutate: {foreach: [{list: a, patchStrategicMerge: {spec: "{{t}}"}}]}}]}}',
    finds: ['word NoSchedule'],
  },
  {
    what: 'a rule that generates a budget',
    text: '{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {rules: [{name: a, generate: {apiVersion: policy/v1, kind: PodDisruptionBudget, name: a, data: {spec: {minAvailable: 1}}}}]}}',
    finds: ['object PodDisruptionBudget'],
  },
  {
    what: 'a rule that clones a pod',
    text: '{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {rules: [{name: a, generate: {apiVersion: v1, kind: Pod, name: a, clone: {name: b, namespace: c}}}]}}',
    finds: ['object Pod'],
  },
  {
    what: 'rules of Kyverno that forbid, and conditions of those that change',
    text: '{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {rules: [{name: a, validate: {message: no tolerations, pattern: {spec: {=(tolerations): [{key: "!node-role.kubernetes.io/control-plane"}], containers: [{name: "*"}]}}}}, {name: b, preconditions: {all: [{key: "{{request.object.spec.tolerations}}"}]}, mutate: {patchStrategicMerge: {metadata: {labels: {a: b}}}}}]}}',
    finds: [],
  },
  {
    what: 'exceptions and reports of Kyverno',
    text: `{apiVersion: kyverno.io/v2, kind: PolicyException, spec: {exceptions: [{policyName: restrict-tolerations, ruleNames: [tolerations]}]}}
---
{apiVersion: wgpolicyk8s.io/v1alpha2, kind: PolicyReport, results: [{policy: restrict-taint-tolerations, rule: nodeSelector}]}`,
    finds: [],
  },
  {
    what: 'CEL of Kyverno',
    text: `{apiVersion: policies.kyverno.io/v1alpha1, kind: MutatingPolicy, spec: {mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: "Object{spec: Object.spec{nodeSelector: {'a': 'b'}}}"}}]}}
---
{apiVersion: policies.kyverno.io/v1alpha1, kind: ValidatingPolicy, spec: {validations: [{expression: "!has(object.spec.tolerations)"}]}}`,
    finds: ['word nodeSelector'],
  },
  {
    what: 'a MutatingAdmissionPolicy',
    text: `{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingAdmissionPolicy, spec: {mutations: [{patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: "add", path: "/spec/nodeName", value: "cp-1"}]'}}]}}`,
    finds: ['word /spec/nodeName'],
  },
  {
    what: 'admission policies that forbid, and conditions of those that change',
    text: `{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, spec: {validations: [{expression: "!has(object.spec.tolerations)", message: "tolerations: not here"}]}}
---
{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingAdmissionPolicy, spec: {matchConditions: [{name: a, expression: "!has(object.spec.tolerations)"}], mutations: [{patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: "add", path: "/metadata/annotations", value: {}}]'}}]}}`,
    finds: [],
  },
  {
    what: 'annotations of a Namespace',
    text: `{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {scheduler.alpha.kubernetes.io/defaultTolerations: '[{"operator":"Exists"}]'}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: b, annotations: {scheduler.alpha.kubernetes.io/tolerationsWhitelist: '[{"operator":"Exists"}]'}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: c, annotations: {scheduler.alpha.kubernetes.io/node-selector: "a=b"}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: d, annotations: {openshift.io/node-selector: "node-role.kubernetes.io/infra="}}}`,
    finds: [
      'word scheduler.alpha.kubernetes.io/defaultTolerations',
      'word scheduler.alpha.kubernetes.io/tolerationsWhitelist',
      'word scheduler.alpha.kubernetes.io/node-selector',
      'word openshift.io/node-selector',
    ],
  },
  {
    what: 'annotations of a Namespace that select all nodes, or say something else',
    text: `{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {openshift.io/node-selector: "", openshift.io/description: Agents that tolerate every taint}}}`,
    finds: [],
  },
  {
    what: "the configuration of the API server's plugins, and of the scheduler",
    text: `{apiVersion: apiserver.config.k8s.io/v1, kind: AdmissionConfiguration, plugins: [{name: PodNodeSelector, configuration: {podNodeSelectorPluginConfig: {clusterDefaultNodeSelector: a=b}}}]}
---
{apiVersion: kubescheduler.config.k8s.io/v1, kind: KubeSchedulerConfiguration, profiles: [{plugins: {filter: {disabled: [{name: TaintToleration}]}}}]}`,
    finds: ['word PodNodeSelector', 'word podNodeSelectorPluginConfig', 'word TaintToleration'],
  },
]);

rows('kinds that make no pods', [
  {
    what: 'what forbids',
    text: `{apiVersion: templates.gatekeeper.sh/v1, kind: ConstraintTemplate, spec: {targets: [{rego: "violation { input.review.object.spec.tolerations }"}]}}
---
{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: DenyTolerations, spec: {parameters: {tolerations: [{key: node-role.kubernetes.io/control-plane}]}}}
---
{apiVersion: policies.kubewarden.io/v1, kind: ClusterAdmissionPolicy, spec: {mutating: false, settings: {tolerations: [{key: a}]}}}`,
    finds: [],
  },
  {
    what: 'what describes',
    text: `{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, spec: {groups: [{rules: [{alert: NodeTaint, expr: kube_node_spec_taint, annotations: {runbook: node taint}}]}]}}
---
{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, spec: {endpoints: [{relabelings: [{sourceLabels: [__meta_kubernetes_pod_node_name], targetLabel: nodename}]}]}}
---
{apiVersion: grafana.integreatly.org/v1beta1, kind: GrafanaDashboard, spec: {json: '{"title": "Taints", "nodeName": "a"}'}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {versions: [{schema: {openAPIV3Schema: {properties: {tolerations: {type: array}}}}}]}}
---
{apiVersion: apiextensions.crossplane.io/v1, kind: CompositeResourceDefinition, spec: {versions: [{schema: {properties: {tolerations: {type: array}}}}]}}`,
    finds: [],
  },
  {
    what: 'networks and pools of nodes',
    text: `{apiVersion: machineconfiguration.openshift.io/v1, kind: MachineConfigPool, spec: {nodeSelector: {matchLabels: {node-role.kubernetes.io/master: ""}}}}
---
{apiVersion: crd.projectcalico.org/v1, kind: IPPool, spec: {nodeSelector: all()}}
---
{apiVersion: metallb.io/v1beta1, kind: L2Advertisement, spec: {nodeSelectors: [{matchLabels: {a: b}}]}}
---
{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, spec: {nodeSelector: {matchLabels: {a: b}}}}`,
    finds: [],
  },
  {
    what: 'operators of networks do make pods',
    text: `{apiVersion: metallb.io/v1beta1, kind: MetalLB, spec: {speakerTolerations: [{operator: Exists}]}}
---
{apiVersion: operator.tigera.io/v1, kind: Installation, spec: {controlPlaneNodeSelector: {a: b}}}`,
    finds: ['word speakerTolerations', 'word controlPlaneNodeSelector'],
  },
  {
    what: "Bulkhead's own files",
    text: '{apiVersion: bulkhead.dev/v1, kind: Profile, nodeRoles: {a: {taints: [{key: a, effect: NoSchedule}]}}}',
    finds: [],
  },
]);

rows('an object inside of another', [
  {
    what: 'a Node and a Binding in a graph of resources',
    text: shop(
      'spec: {resources: [{template: {apiVersion: v1, kind: Node, metadata: {name: a}}}, {template: {apiVersion: v1, kind: Binding, metadata: {name: a}, target: {kind: Node, name: cp-1}}}]}',
    ),
    finds: ['object Node', 'object Binding'],
  },
  {
    what: 'workloads in a Template of OpenShift and in a manifest of another',
    text: `{apiVersion: template.openshift.io/v1, kind: Template, objects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: 1}}]}
---
{apiVersion: work.open-cluster-management.io/v1, kind: ManifestWork, spec: {workload: {manifests: [{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {}}, {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {}}]}}}`,
    finds: ['object Deployment', 'object CronJob'],
  },
  {
    what: 'a custom workload',
    text: shop(
      'spec: {base: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: a}}}',
    ),
    finds: ['object Rollout'],
  },
  {
    what: 'without its apiVersion',
    text: shop('spec: {object: {kind: PodDisruptionBudget, spec: {maxUnavailable: 0}}}'),
    finds: ['object PodDisruptionBudget'],
  },
  {
    what: 'as text, of YAML, JSON and base64',
    text: shop(
      `spec: {a: "apiVersion: v1\\nkind: Pod\\nmetadata: {name: a}\\n", b: '{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{}}', c: YXBpVmVyc2lvbjogdjEKa2luZDogTm9kZQptZXRhZGF0YToge25hbWU6IGF9Cg==}`,
    ),
    finds: ['object Pod', 'object PodDisruptionBudget', 'object Node'],
  },
  {
    what: 'a compressed chart',
    text: shop('spec: {chartContent: H4sIAAAAAAAAA+3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAA}'),
    finds: ['object compressed file'],
  },
  {
    what: 'a patch of a workload is none, one of a Node or a budget is',
    text: shop(
      'spec: {patches: ["apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: a}\\nspec: {paused: true}\\n", "apiVersion: v1\\nkind: Node\\nmetadata: {name: a}\\n", {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}]}',
    ),
    finds: ['object Node'],
  },
  {
    what: 'other objects, references, and selectors of kinds',
    text: shop(
      'spec: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: b}}], infrastructureRef: {apiVersion: v1, kind: Node, name: a}, target: {kind: Deployment, labelSelector: a}}',
    ),
    finds: [],
  },
  {
    what: 'what is silent in a file is so in a list of objects',
    text: shop(
      'spec: {objects: [{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}, spec: {versions: [{schema: {tolerations: {type: array}}}]}}, {apiVersion: constraints.gatekeeper.sh/v1beta1, kind: NoTolerations, metadata: {name: a}, spec: {parameters: {tolerations: [a]}}}]}',
    ),
    finds: [],
  },
  {
    what: 'no field silences its neighbors',
    text: shop(
      'spec: {values: {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {}, spec: {}, tolerations: [{operator: Exists}]}}',
    ),
    finds: ['word tolerations'],
  },
  {
    what: 'the values of a Secret are not read',
    text: shop(
      'spec: {objects: [{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {a: "tolerations: []"}}]}',
    ),
    finds: [],
  },
]);

rows('pods', [
  {
    what: 'of a kind that no policy knows, with what they say',
    text: shop('spec: {pods: [{tolerations: [{operator: Exists}], containers: [{name: a}]}]}'),
    finds: ['pods'],
  },
  {
    what: 'where policies know of them, and a word beside',
    text: '{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {template: {spec: {tolerations: [{operator: Exists}], containers: [{name: a, args: [--node-selector=a]}]}}, canary: {nodeSelector: {a: b}}}}',
    finds: ['pods', 'word nodeSelector'],
  },
  {
    what: 'containers that are a part of such a pod, and those that are one of their own',
    text: `{apiVersion: argoproj.io/v1alpha1, kind: Workflow, spec: {templates: [{name: a, containerSet: {containers: [{name: a}]}}]}}
---
{apiVersion: argoproj.io/v1alpha1, kind: Workflow, spec: {templates: [{name: a, other: {tolerations: [{operator: Exists}], containers: [{name: a}]}}]}}`,
    finds: ['pods'],
  },
  {
    what: 'a patch of the pods of a Workflow',
    text: `{apiVersion: argoproj.io/v1alpha1, kind: Workflow, spec: {podSpecPatch: '{"toler\\u0061tions":[]}', tolerations: [{operator: Exists}]}}`,
    finds: ['pods', 'word tolerations'],
  },
  {
    what: 'one that is put together of parameters',
    text: `{apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate, spec: {podSpecPatch: '{"{{inputs.parameters.a}}{{inputs.parameters.b}}": []}'}}
---
{apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate, spec: {podSpecPatch: '{{workflow.parameters.patch}}'}}
---
{apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate, spec: {templates: [{name: a, podSpecPatch: '{{=toJson({a: 1})}}'}]}}
---
{apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate, spec: {podSpecPatch: '{"containers":[{"name":"main","resources":{"limits":{"memory":"{{inputs.parameters.memory}}"}}}]}'}}`,
    finds: ['word podSpecPatch', 'word podSpecPatch', 'word podSpecPatch'],
  },
]);

rows('how nodes register', [
  {
    what: 'without the taint that would be there: policies check the fields, not the texts',
    text: `{apiVersion: controlplane.cluster.x-k8s.io/v1beta1, kind: KubeadmControlPlane, spec: {kubeadmConfigSpec: {initConfiguration: {nodeRegistration: {taints: []}}}}}
---
{apiVersion: bootstrap.cluster.x-k8s.io/v1beta1, kind: KubeadmConfigTemplate, spec: {template: {spec: {initConfiguration: {skipPhases: [mark-control-plane]}}}}}
---
{apiVersion: config.openshift.io/v1, kind: Scheduler, spec: {mastersSchedulable: true}}
---
{apiVersion: kind.x-k8s.io/v1alpha4, kind: Cluster, nodes: [{kubeadmConfigPatches: ["kind: InitConfiguration\\nnodeRegistration:\\n  taints: []\\n"]}]}
---
{apiVersion: controlplane.cluster.x-k8s.io/v1alpha3, kind: TalosControlPlane, spec: {controlPlaneConfig: {controlplane: {configPatches: [{op: add, path: /cluster/allowSchedulingOnControlPlanes, value: true}]}}}}
---
{apiVersion: bootstrap.cluster.x-k8s.io/v1beta1, kind: KubeadmConfig, spec: {postKubeadmCommands: ["kubectl taint nodes --all node-role.kubernetes.io/control-plane-"]}}`,
    finds: ['word taints', 'word /cluster/allowSchedulingOnControlPlanes', 'word kubectl taint'],
  },
  {
    what: 'with labels and taints of their own',
    text: `{apiVersion: machineconfiguration.openshift.io/v1, kind: KubeletConfig, spec: {kubeletConfig: {registerWithTaints: [{key: a, effect: NoSchedule}]}}}
---
{apiVersion: machineconfiguration.openshift.io/v1, kind: MachineConfig, spec: {config: {systemd: {units: [{name: kubelet.service, contents: "[Service]\\nExecStart=kubelet --node-labels=node-role.kubernetes.io/master\\n"}]}}}}
---
{apiVersion: kops.k8s.io/v1alpha2, kind: InstanceGroup, spec: {role: ControlPlane, taints: ["a=b:PreferNoSchedule"]}}
---
{apiVersion: karpenter.sh/v1, kind: NodePool, spec: {template: {metadata: {labels: {node-role.kubernetes.io/control-plane: ""}}, spec: {taints: []}}}}
---
{apiVersion: machine.openshift.io/v1beta1, kind: MachineSet, spec: {template: {spec: {metadata: {labels: {node-role.kubernetes.io/infra: ""}}}}}}`,
    finds: ['word node-role.kubernetes.io/master'],
  },
  {
    what: 'by kinds that no policy checks, and by other fields of those that policies check',
    text: `{apiVersion: bootstrap.cluster.x-k8s.io/v1beta2, kind: EKSConfig, spec: {kubeletExtraArgs: {register-with-taints: "a=b:NoSchedule"}}}
---
{apiVersion: shop.example.com/v1, kind: Pool, spec: {taints: [], skipPhases: [mark-control-plane]}}
---
{apiVersion: shop.example.com/v1, kind: Scheduler, spec: {mastersSchedulable: true}}
---
{apiVersion: kops.k8s.io/v1alpha2, kind: Cluster, spec: {taints: ["a=b:NoSchedule"], certManager: {tolerations: [{operator: Exists}]}}}
---
{apiVersion: cluster.x-k8s.io/v1beta1, kind: ClusterClass, spec: {patches: [{definitions: [{jsonPatches: [{op: add, path: /spec/template/spec/a/taints}]}]}]}}`,
    finds: [
      'word register-with-taints',
      'word taints',
      'word mark-control-plane',
      'word mastersSchedulable',
      'word tolerations',
      'word /spec/template/spec/a/taints',
    ],
  },
  {
    what: 'as is usual',
    text: `{apiVersion: controlplane.cluster.x-k8s.io/v1beta1, kind: KubeadmControlPlane, spec: {kubeadmConfigSpec: {initConfiguration: {nodeRegistration: {name: "{{ ds.meta_data.hostname }}", kubeletExtraArgs: {cloud-provider: external}}}}}}
---
{apiVersion: config.openshift.io/v1, kind: Scheduler, spec: {mastersSchedulable: false}}
---
{apiVersion: kops.k8s.io/v1alpha2, kind: InstanceGroup, spec: {role: ControlPlane, nodeLabels: {kops.k8s.io/instancegroup: a}}}
---
{apiVersion: kind.x-k8s.io/v1alpha4, kind: Cluster, nodes: [{kubeadmConfigPatches: ["kind: InitConfiguration\\nnodeRegistration: {kubeletExtraArgs: {node-labels: ingress-ready=true}}\\n"]}]}`,
    finds: [],
  },
  {
    what: 'by commands in pods',
    text: `{apiVersion: batch/v1, kind: Job, spec: {template: {spec: {containers: [{name: a, command: [kubectl, taint, nodes, --all, node-role.kubernetes.io/control-plane-]}]}}}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [], initContainers: [{name: a, command: [sh, -c], args: ["kubectl get nodes; kubectl --context a label --overwrite node $NODE a=b"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, lifecycle: {postStart: {exec: {command: [oc, adm, taint, node, cp-1, a-]}}}}]}}
---
{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, args: ["kubectl taint -l a=b nodes c-"]}]}}}}}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, args: ["kubectl apply -f - <<EOF\\napiVersion: v1\\nkind: Pod\\nmetadata: {name: a}\\nEOF"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, command: [helm, install, a, b, --set, "tolerations[0].operator=Exists"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, args: ["--taint=a", "--node-selector=b"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, args: ["kubectl get nodes -o custom-columns=T:.spec.taints,N:.spec.nodeName && kubectl label pods a b=c"]}]}}`,
    finds: [
      'command kubectl taint',
      'pods',
      'command kubectl --context a label --overwrite node',
      'pods',
      'command oc adm taint',
      'pods',
      'command kubectl taint',
      'pods',
      'object Pod',
      'pods',
      'word tolerations',
      'pods',
      'pods',
      'pods',
    ],
  },
]);

rows('a taint of nodes that a pod changes', [
  {
    what: 'by what its image runs, and whatever names the node',
    text: `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: bitnami/kubectl, args: [taint, nodes, --all, a-]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: "registry.k8s.io:443/kubectl:v1.33.0@sha256:0a", args: [taint, node, b, "c=d:NoSchedule"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: kubectl, command: [], args: [--context, a, taint, $(NODE), b-]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: a.example/k8s-kubectl-amd64:1, args: [taint, nodes, b, c-]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: quay.io/a/oc, args: [adm, taint, nodes, b, c-]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: kubectl, args: [label, nodes, b, c=d]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: alpine/helm:3, args: [upgrade, a, b, --set, "x.tolerations[0].operator=Exists"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, args: ["for n in $N; do kubectl taint $n a:NoSchedule-; done"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, args: ["kubectl get nodes -o name | xargs -I{} kubectl --kubeconfig $K taint {} a-"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, args: ["$KUBECTL taint $n a-; \${KUBECTL} taint $m a-"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, args: ['run(["kubectl", "taint", node, "a-"])']}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, args: ["oc adm taint \\"$n\\" a-"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, lifecycle: {postStart: {exec: {command: [kubectl, taint, $(NODE), a-]}}}}]}}`,
    finds: [
      'command kubectl taint',
      'pods',
      'command kubectl taint',
      'pods',
      'command kubectl --context a taint',
      'pods',
      'command kubectl-amd64 taint',
      'pods',
      'command oc adm taint',
      'pods',
      'command kubectl label nodes',
      'pods',
      'word x.tolerations',
      'pods',
      'command kubectl taint',
      'pods',
      'command kubectl --kubeconfig $K taint',
      'pods',
      'command KUBECTL taint',
      'pods',
      'command kubectl", "taint',
      'pods',
      'command oc adm taint',
      'pods',
      'command kubectl taint',
      'pods',
    ],
  },
  {
    what: 'but not by another command, or another word',
    text: `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: bitnami/kubectl, command: [sleep], args: [taint, a]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: registry.k8s.io/taint, args: [kubectl]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: kubectl/shop, args: [taint, nodes]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: "shop@sha256:0a", args: [taint, kubectl]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: kubectl, args: [get, pods]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: kubectl, lifecycle: {preStop: {exec: {command: [taint]}}}}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: 3, args: [taint]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, args: ["kubectl annotate pod a note=\\"no taint here\\""]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, args: ["kubectl describe nodes | grep taint"]}]}}
---
{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, args: ["kubectl label pods a b=c; kubectl edit pod a; kubectl taint-report"]}]}}`,
    finds: ['pods', 'pods', 'pods', 'pods', 'pods', 'pods', 'pods', 'pods', 'pods', 'pods'],
  },
]);

rows('a ConfigMap is any text', [
  {
    what: 'an object in it, and fields of pods',
    text: `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {helper.yaml: "apiVersion: v1\\nkind: Pod\\nmetadata: {name: a}\\n"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b}, data: {CSI_PROVISIONER_TOLERATIONS: "- operator: Exists"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {config: "spec:\\n  nodeSelector: {a: b}\\n"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: d}, data: {kubelet: '{"registerWithTaints": []}'}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: f}, data: {kubeadm: "kind: InitConfiguration\\nnodeRegistration: {taints: []}\\n"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: e}, data: {config.toml: "[runners.kubernetes]\\n  node_selector = {}\\n"}}`,
    finds: [
      'object Pod',
      'word CSI_PROVISIONER_TOLERATIONS',
      'word nodeSelector',
      'word registerWithTaints',
      'word taints',
      'word node_selector',
    ],
  },
  {
    what: 'that is not about pods, or forbids',
    text: `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {cni: '{"nodename": "__NODE__"}', remove-node-taints: "true", rules: "expr: kube_node_spec_taint\\ndescription: a node has a taint\\n", values: "# tolerations: []\\n", CSI_PROVISIONER_TOLERATIONS: "", empty: "nodeSelector: {}\\ntolerations: []\\n"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b}, data: {a.rego: "package a\\n\\ndeny { input.spec.tolerations == [] }\\ntolerations := 1\\n"}}`,
    finds: [],
  },
]);

rows('what registers nodes', [
  {
    what: 'is checked by policies, the rest of it is not',
    text: `{apiVersion: bulkhead.dev/v1, kind: K3sConfig, metadata: {name: a}, node-taint: ["node-role.kubernetes.io/control-plane:NoSchedule"]}
---
{apiVersion: bulkhead.dev/v1, kind: SystemdUnit, metadata: {name: a}, execStart: [[kubectl, taint, nodes, --all, a-], [kubelet]]}
---
{apiVersion: bulkhead.dev/v1, kind: Butane, metadata: {name: a}, storage: {files: [{path: /a, contents: {inline: "{apiVersion: v1, kind: Pod, metadata: {name: a}}"}}]}}`,
    finds: ['command kubectl taint', 'object Pod'],
  },
]);

rows('what sets the replicas of a component', [
  {
    what: 'a Scale, and an autoscaler of another API',
    text: `{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: coredns, namespace: kube-system}, spec: {replicas: 0}}
---
{apiVersion: http.keda.sh/v1alpha1, kind: HTTPScaledObject, metadata: {name: a, namespace: kube-system}, spec: {scaleTargetRef: {name: coredns}}}
---
{apiVersion: datadoghq.com/v1alpha1, kind: WatermarkPodAutoscaler, metadata: {name: b, namespace: kube-system}, spec: {scaleTargetRef: {kind: Deployment, name: coredns}}}
---
{apiVersion: datadoghq.com/v1alpha2, kind: DatadogPodAutoscaler, metadata: {name: c, namespace: kube-system}, spec: {targetRef: {kind: Deployment, name: coredns}}}
---
{apiVersion: flagger.app/v1beta1, kind: Canary, metadata: {name: d, namespace: kube-system}, spec: {targetRef: {kind: Deployment, name: coredns}}}
---
{apiVersion: autoscaling.alibabacloud.com/v1beta1, kind: CronHorizontalPodAutoscaler, metadata: {name: e, namespace: kube-system}, spec: {scaleTargetRef: {kind: Deployment, name: coredns}}}`,
    finds: Array.from({ length: 6 }, () => 'replicas the component coredns'),
  },
  {
    what: 'the replicas of a kustomization that Argo CD renders',
    text: `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a}, spec: {destination: {namespace: kube-system}, source: {repoURL: x, kustomize: {replicas: [{name: web, count: 1}, {name: coredns, count: 0}]}}}}
---
{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: b}, spec: {destination: {namespace: kube-system}, sources: [{repoURL: x}, {repoURL: y, kustomize: {replicas: [{name: coredns, count: 0}]}}]}}
---
{apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: c}, spec: {template: {spec: {source: {kustomize: {replicas: [{name: coredns, count: 0}]}}}}}}
---
{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: d}, spec: {destination: {namespace: shop}, source: {repoURL: x, kustomize: {replicas: [{name: coredns, count: 0}]}}}}`,
    finds: Array.from({ length: 3 }, () => 'replicas the component coredns'),
  },
  {
    what: 'what the policies count, and what names a workload without scaling it',
    text: `{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: kube-system}, spec: {scaleTargetRef: {name: coredns}}}
---
{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: b, namespace: kube-system}, spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: coredns}}}
---
{apiVersion: policy.kruise.io/v1alpha1, kind: PodUnavailableBudget, metadata: {name: c, namespace: kube-system}, spec: {targetRef: {kind: Deployment, name: coredns}}}
---
{apiVersion: gateway.example.com/v1, kind: RetryPolicy, metadata: {name: d, namespace: kube-system}, spec: {targetRef: {kind: Service, name: coredns}}}
---
{apiVersion: datadoghq.com/v1alpha1, kind: WatermarkPodAutoscaler, metadata: {name: e, namespace: kube-system}, spec: {scaleTargetRef: {kind: Deployment}}}
---
{apiVersion: datadoghq.com/v1alpha1, kind: WatermarkPodAutoscaler, metadata: {name: f, namespace: kube-system}, spec: {scaleTargetRef: null, targetRef: []}}
---
{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: g}, spec: {destination: null, source: {kustomize: {replicas: {name: coredns}}}}}`,
    finds: [],
  },
  {
    what: 'an override of its replicas, and of something else',
    text: `{apiVersion: policy.karmada.io/v1alpha1, kind: OverridePolicy, metadata: {name: a, namespace: kube-system}, spec: {resourceSelectors: [{apiVersion: apps/v1, kind: Deployment, name: coredns}], overrideRules: [{overriders: {plaintext: [{path: /spec/replicas, operator: replace, value: 0}]}}]}}
---
{apiVersion: policy.karmada.io/v1alpha1, kind: OverridePolicy, metadata: {name: a, namespace: kube-system}, spec: {resourceSelectors: [{apiVersion: apps/v1, kind: Deployment, name: coredns}], overrideRules: [{overriders: {plaintext: [{path: /metadata/labels/a, operator: add, value: b}]}}]}}`,
    finds: ['replicas the component coredns'],
  },
  {
    what: 'of another workload, or of another kind of that name',
    text: `{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: coredns, namespace: shop}, spec: {replicas: 0}}
---
{apiVersion: http.keda.sh/v1alpha1, kind: HTTPScaledObject, metadata: {name: a, namespace: kube-system}, spec: {scaleTargetRef: {kind: StatefulSet, name: coredns}}}
---
{apiVersion: http.keda.sh/v1alpha1, kind: HTTPScaledObject, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {name: web}}}`,
    finds: [],
  },
]);

describe('what sets the replicas of other workloads', () => {
  const scalers = [
    '{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: web, namespace: shop}, spec: {replicas: 0}}',
    '{apiVersion: http.keda.sh/v1alpha1, kind: HTTPScaledObject, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {name: web}}}',
    '{apiVersion: flagger.app/v1beta1, kind: Canary, metadata: {name: a, namespace: shop}, spec: {targetRef: {kind: StatefulSet, name: web}}}',
    '{apiVersion: autoscaling.example.com/v1, kind: Scaler, metadata: {name: a, namespace: shop}, spec: {scaleTargetRef: {kind: Cache, name: web}}}',
  ];
  for (const [columns, finds] of [
    [
      { disruptionControl: true },
      ['workload shop/web', 'Deployment shop/web', 'StatefulSet shop/web'],
    ],
    [{ antiAffinity: true }, ['workload shop/web', 'Deployment shop/web', 'StatefulSet shop/web']],
    [{}, []],
  ] as const) {
    test(`are told where the profile counts them: ${JSON.stringify(columns)}`, () => {
      const otherWorkloads = { nodeRole: 'worker', ...columns };
      const by = createSearch(catalogue.policies, { ...profile, otherWorkloads });
      assert.deepEqual(
        found(scalers.join('\n---\n'), by),
        finds.map((what) => `replicas ${what}`),
      );
    });
  }
});

describe("keys of the profile's roles", () => {
  const nodeRoles = [
    {
      name: 'a',
      labels: [
        { key: 'example.com/pool', value: 'system' },
        { key: 'role', value: 'system' },
      ],
      taints: [{ key: 'dedicated', value: 'system', effect: 'NoSchedule' as const }],
    },
  ];
  const by = createSearch(catalogue.policies, {
    nodeRoles,
    schedulers: ['volcano'],
    components: [],
  });
  for (const [spec, word] of [
    ['{pool: {example.com/pool: system}}', 'example.com/pool'],
    ['{value: "example.com/pool:x"}', 'example.com/pool'],
    ['{path: /metadata/labels/example.com~1pool}', '/metadata/labels/example.com/pool'],
    ['{where: {role: system}}', 'role'],
    ['{where: {key: dedicated, operator: Exists}}', 'key'],
    ['{args: ["--on=dedicated=system"]}', 'dedicated=system'],
    ['{schedulerName: volcano}', undefined],
    ['{role: reader, dedicated: true, text: "the role: reader"}', undefined],
    ['{value: example.com/pools, other: my-example.com/pool}', undefined],
  ] as const) {
    test(spec, () => {
      const finds = found(shop(`spec: ${spec}`), by);
      assert.equal(finds.length, word === undefined ? 0 : 1);
      if (word !== undefined) assert.match(finds[0] ?? '', new RegExp(word.replaceAll('.', '\\.')));
    });
  }
});

describe('the time grows with the length of a text', () => {
  const length = sized(200_000, 1_000_000);
  for (const part of [
    ...[
      'kubectl ',
      'kubectl label -',
      'kubectl - ',
      'oc.',
      'nodeSelector: {',
      'tolerations',
      'node',
      '{{',
      '"',
      '\\',
      '\\u0061',
      '%41',
      '# ',
      'http://a.',
    ],
    ...[
      'aaaa',
      'kind: ',
      'apiVersion metadata kind: ',
      'a.node',
      '[',
      'tolerat ',
      'YWFh',
      '\n',
      '  ',
    ],
  ]) {
    test(JSON.stringify(part), () => {
      const text = part.repeat(Math.ceil(length / part.length));
      const object = { apiVersion: 'a.example/v1', kind: 'A', spec: { podSpecPatch: text } };
      assert.ok(isMap(object));
      const start = performance.now();
      search(object as JsonObject);
      assert.ok(performance.now() - start < 10_000);
    });
  }
});
