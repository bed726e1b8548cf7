import type { UserError } from '../errors.ts';
import { readYaml } from '../manifest/yaml.ts';
import type { Profile } from './profile.ts';
// TEMPORARY
export function readProfile(file: string, text: string): { kind: 'profile'; profile: Profile } | { kind: 'errors'; errors: readonly UserError[] } {
  // biome-ignore lint/suspicious/noExplicitAny: temp
  const v = readYaml(file, text, 'PROFILE_SYNTAX').value as any;
  const pairs = (m: object) => Object.entries(m ?? {}).flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((value) => ({ key, value })));
  return { kind: 'profile', profile: { name: v.metadata.name, title: v.metadata.title ?? v.metadata.name, nodeLabels: pairs(v.nodeLabels), components: v.components,
    // biome-ignore lint/suspicious/noExplicitAny: temp
    nodeRoles: Object.entries(v.nodeRoles).map(([name, r]: [string, any]) => ({ name, labels: pairs(r.labels), taints: (r.taints ?? []).map((t: any) => ({ key: t.key, value: t.value ?? '', effect: t.effect })) })), ...(v.otherWorkloads && { otherWorkloads: v.otherWorkloads }) } };
}
