import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Profile } from '../../src/profile/profile.ts';
import {
  type AdmissionRequest,
  askAdmission,
  type BoundPolicy,
} from '../support/admission-oracle.ts';
import { randomFrom } from '../support/mutate.ts';
import { agreement } from './agreement.ts';
import { idOf, policiesOf, requestFor } from './asking.ts';
import { ASKS, faultsOf } from './asks.ts';
import { corners, randomPlacement, randomRoleNode } from './generators.ts';
import { PROFILES } from './profiles.ts';

// Mistakes in the fragments. Each changes some verdict, and the comparison with the rules must find it.

interface Mutant {
  readonly name: string;
  readonly policy: string;
  /** What is written, and what is written in its place wherever it occurs. */
  readonly from: RegExp;
  readonly to: string;
}

const INTRUSION = 'control-plane-intrusion';
const BYPASS = 'scheduler-bypass';
const NODE = 'untainted-control-plane-node';
const REACH = 'unreachable-node-role';

const MUTANTS: readonly Mutant[] = [
  {
    name: 'an effect that is empty matches no taint',
    policy: INTRUSION,
    from: /effect\.orValue\(''\) in \['', /g,
    to: "effect.orValue('') in [",
  },
  {
    name: 'a key that is empty matches no taint',
    policy: INTRUSION,
    from: /key\.orValue\(''\) in \['', /g,
    to: "key.orValue('') in [",
  },
  {
    name: 'an absent operator tolerates any value',
    policy: INTRUSION,
    from: /operator\.orValue\(''\) == 'Exists'/g,
    to: "operator.orValue('') in ['', 'Exists']",
  },
  {
    name: 'an absent operator is not Equal',
    policy: INTRUSION,
    from: /operator\.orValue\(''\) in \['', 'Equal'\]/g,
    to: "operator.orValue('') == 'Equal'",
  },
  {
    name: 'In counts as NotIn',
    policy: INTRUSION,
    from: /r\.operator == 'In' \? ('[^']*') in r\.values/g,
    to: "r.operator == 'In' ? !($1 in r.values)",
  },
  {
    name: 'NotIn is not read',
    policy: INTRUSION,
    from: /: !\(v in r\.values\)/g,
    to: ': true',
  },
  {
    name: 'Exists holds where the label is absent',
    policy: INTRUSION,
    from: /r\.operator in \['NotIn', 'DoesNotExist'\]/g,
    to: "r.operator in ['NotIn', 'DoesNotExist', 'Exists']",
  },
  {
    name: 'NotIn needs the label',
    policy: INTRUSION,
    from: /r\.operator in \['NotIn', 'DoesNotExist'\]/g,
    to: "r.operator == 'DoesNotExist'",
  },
  {
    name: 'In lists are not intersected',
    policy: INTRUSION,
    from: /r\.operator == 'In' \? v in r\.values :/g,
    to: "r.operator == 'In' ? true :",
  },
  {
    name: 'Gt is read as at least',
    policy: INTRUSION,
    from: /int\(v\) > b/g,
    to: 'int(v) >= b',
  },
  {
    name: 'Lt is read as at most',
    policy: INTRUSION,
    from: /int\(v\) <= b/g,
    to: 'int(v) - 1 <= b',
  },
  {
    name: 'there is a number between two that follow each other',
    policy: INTRUSION,
    from: /\.max\(\) < \(/g,
    to: '.max() <= (',
  },
  {
    name: 'a requirement with Lt cannot be parsed',
    policy: INTRUSION,
    from: /r\.operator in \['Gt', 'Lt'\]/g,
    to: "r.operator in ['Gt']",
  },
  {
    name: 'an empty term matches all nodes',
    policy: INTRUSION,
    from: /\.size\(\) \+ t\.\?matchFields\.orValue\(\[\]\)\.size\(\) > 0/g,
    to: '.size() + t.?matchFields.orValue([]).size() >= 0',
  },
  {
    name: 'matchFields are not read',
    policy: INTRUSION,
    from: /f\.operator == 'NotIn' \|\| f\.values/g,
    to: 'true || f.values',
  },
  {
    name: 'nodeSelector is not read',
    policy: INTRUSION,
    from: /\? \[\{'key': dyn\([^?]*?\)\]\) ?\}\] ?: \[\]|variables\.pod\.\?nodeSelector\.orValue\(\{\}\)/g,
    to: '{}',
  },
  {
    name: 'the nodes of the role may have another operating system',
    policy: INTRUSION,
    from: /t\['kubernetes\.io\/os=linux'\]/g,
    to: 'true',
  },
  {
    name: 'a label of the role may be absent',
    policy: INTRUSION,
    from: /t\['node-role\.kubernetes\.io\/control-plane='\]/g,
    to: 'true',
  },
  {
    name: 'a pod of a DaemonSet is not scheduled',
    policy: INTRUSION,
    from: /variables\.way in \['scheduler', 'daemon'\]/g,
    to: "variables.way == 'scheduler'",
  },
  {
    name: 'a pod with nodeName is scheduled',
    policy: INTRUSION,
    from: /\? 'node' : 'scheduler'|\? 'node' : 'scheduler'/g,
    to: "? 'scheduler' : 'scheduler'",
  },
  {
    name: 'the first term that matches is not named',
    policy: INTRUSION,
    from: /'nodeSelectorTerms\[' \+ string\(/g,
    to: "'nodeSelectorTerms[' + string(1 + ",
  },
  {
    name: 'the toleration is not named',
    policy: INTRUSION,
    from: /'\[' \+ string\(w\) \+ '\]'/g,
    to: "'[0]'",
  },
  {
    name: 'a wildcard is not named',
    policy: INTRUSION,
    from: /w >= 0 && variables\.tolerations\[w\]/g,
    to: 'w > 99 && variables.tolerations[w]',
  },
  {
    name: 'a component in another namespace counts',
    policy: INTRUSION,
    from: /== 'kube-system'/g,
    to: "!= ''",
  },
  {
    name: 'whatever a controller makes is left out',
    policy: INTRUSION,
    from: /\.exists\( ?n,/g,
    to: '.exists(n, true ||',
  },
  {
    name: 'who asks is not read',
    policy: INTRUSION,
    from: /request\.userInfo\.username in \[/g,
    to: "'system:kube-controller-manager' in [",
  },
  {
    name: 'an appended toleration changes nothing',
    policy: INTRUSION,
    from: /n\.\?tolerations != o\.\?tolerations/g,
    to: 'false',
  },
  {
    name: 'a nodeSelector that is taken away changes nothing',
    policy: INTRUSION,
    from: /n\.\?nodeSelector != o\.\?nodeSelector/g,
    to: 'false',
  },
  {
    name: 'anyone may create a mirror',
    policy: BYPASS,
    from: /'system:nodes' in request\.userInfo\.groups/g,
    to: 'true',
  },
  {
    name: 'a mirror may name another Node',
    policy: BYPASS,
    from: /o\.name == object\.spec\.\?nodeName\.orValue\(''\)/g,
    to: 'true',
  },
  {
    name: 'anyone may bind',
    policy: BYPASS,
    from: /object\.kind == 'Binding' && request\.userInfo/g,
    to: "object.kind == 'Binding' || request.userInfo",
  },
  {
    name: 'a scheduler of its own is not named',
    policy: BYPASS,
    from: /variables\.way in \['node', 'file'\] \|\| variables\.way == 'scheduler'/g,
    to: "variables.way in ['node', 'file'] || variables.way == 'none'",
  },
  {
    name: 'nodeName alone does not bypass',
    policy: BYPASS,
    from: /variables\.way in \['node', 'file'\]/g,
    to: "variables.way == 'file'",
  },
  {
    name: 'a kubelet rejects no pod',
    policy: BYPASS,
    from: /variables\.way != 'file' && !/g,
    to: 'false && !',
  },
  {
    name: 'a Node without a label of a role is at fault',
    policy: NODE,
    from: /== optional\.of\(''\)/g,
    to: "!= optional.of('')",
  },
  {
    name: 'a taint with another effect counts',
    policy: NODE,
    from: /t\.effect == 'NoSchedule'/g,
    to: "t.effect != ''",
  },
  {
    name: 'a label that is taken changes nothing',
    policy: NODE,
    from: /request\.operation != 'UPDATE'/g,
    to: 'false',
  },
  {
    name: 'a role that a Node loses is not named',
    policy: NODE,
    from: /request\.operation == 'UPDATE'/g,
    to: 'false',
  },
  {
    name: 'one taint that is tolerated is enough',
    policy: REACH,
    from: /&& !variables\.tolerates/g,
    to: '&& variables.tolerates',
  },
  {
    name: 'a label that nodes may lack is no obstacle',
    policy: REACH,
    from: /t\['\*'\]/g,
    to: 'false',
  },
  {
    name: 'another kind is no fault',
    policy: 'wrong-workload-kind',
    from: /object\.kind in \[/g,
    to: "object.kind in ['Pod', ",
  },
  {
    name: 'fewer replicas are no fault',
    policy: 'wrong-replica-count',
    from: /replicas\.orValue\(1\) != /g,
    to: 'replicas.orValue(1) > ',
  },
];

/** How many workloads of each profile are drawn to find the mutants. */
const DRAWN = 220;

describe('each mistake in the fragments is found', () => {
  for (const mutant of MUTANTS) {
    test(mutant.name, async () => {
      let changed = 0;
      let caught = 0;
      for (const profile of PROFILES) {
        const policies = policiesOf(profile).filter(
          ({ policy }) => idOf(nameOf(policy)) === mutant.policy,
        );
        const mutated = policies.map((one) => mutate(one, mutant));
        if (JSON.stringify(mutated) === JSON.stringify(policies)) continue;
        changed += 1;
        const { compared } = await agreement(profile, requestsFor(profile), mutated);
        caught += compared.filter(({ fault }) => fault !== undefined).length;
        const asks = ASKS.filter((ask) => ask.profile === profile);
        const asked = await askAdmission(
          mutated,
          asks.map(({ request }) => request),
        );
        caught += asks.flatMap((ask, index) => {
          const answer = asked.answers[index];
          return answer === undefined ? ['no answer'] : faultsOf(ask, answer);
        }).length;
        if (caught > 0) break;
      }
      assert.ok(changed > 0, 'the mutant changes nothing: correct what it replaces');
      assert.ok(caught > 0, 'no request shows it');
    });
  }
});

test('without a mistake nothing is found', async () => {
  for (const profile of PROFILES) {
    const { compared } = await agreement(profile, requestsFor(profile));
    assert.deepEqual(
      compared.filter(({ fault }) => fault !== undefined),
      [],
    );
  }
});

const drawn = new Map<string, readonly AdmissionRequest[]>();

function requestsFor(profile: Profile): readonly AdmissionRequest[] {
  const known = drawn.get(profile.name);
  if (known !== undefined) return known;
  const random = randomFrom(1);
  const objects = [
    ...corners(),
    ...Array.from({ length: DRAWN }, () => randomPlacement(random, profile)),
    ...Array.from({ length: DRAWN / 4 }, () => randomRoleNode(random, profile)),
  ];
  const requests = objects.flatMap((object) => requestFor(object) ?? []);
  drawn.set(profile.name, requests);
  return requests;
}

function nameOf(policy: BoundPolicy['policy']): string {
  return String(Object(policy['metadata']).name);
}

/** Replaces in every expression of a policy, in one line. */
function mutate({ policy, binding }: BoundPolicy, { from, to }: Mutant): BoundPolicy {
  const mutated = JSON.parse(JSON.stringify(policy), (key, value) => {
    if (typeof value !== 'string' || key !== 'expression') return value;
    const line = value
      .replace(/\s+/g, ' ')
      .replace(/([([{]) /g, '$1')
      .replace(/ ([)\]}])/g, '$1');
    const replaced = line.replace(from, to);
    return replaced === line ? value : replaced;
  });
  return { policy: mutated, binding };
}
