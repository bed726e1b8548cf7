import type { Path } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../kubernetes/json.ts';
import { isMap, stringAt } from '../../kubernetes/objects.ts';
import { changesNodes, startsNode } from '../systemd/node-commands.ts';
import { type Content, decoded, fromUrl } from './contents.ts';
import { isKubeletPatch, kubeletConfiguration } from './kubelet-patch.ts';
import { isRead, itemsAt, mapAt, type Part, type PartsOf } from './part.ts';
import { ownObject } from './shape.ts';

/** The units and files of a machine in Ignition's configuration, and in Butane's, which has a few fields more. */
export const machine: PartsOf = (object) => machineAt(object, []);

/** The same in OpenShift's MachineConfig. */
export const machineConfig: PartsOf = (object) => machineAt(object, ['spec', 'config']);

function machineAt(object: JsonObject, at: Path): readonly Part[] {
  const config = mapAt(object, at);
  if (config === undefined) return [];
  return [
    ...[...unitsIn(config, at), ...filesIn(config, at)].filter(isNeeded),
    ...configsIn(config, at),
  ];
}

/** A file of a machine. */
type FilePart = Part & { readonly content: Content };

function isNeeded({ name, content }: FilePart): boolean {
  return isRead(name, content);
}

function unitsIn(config: JsonObject, at: Path): readonly FilePart[] {
  const units = itemsAt(config['systemd'], 'units', [...at, 'systemd']);
  return units.flatMap(({ item: unit, path }) => {
    const name = stringAt(unit, 'name') ?? '';
    // A unit that is masked cannot be started.
    if (name === '' || unit['mask'] === true) return [];
    const dropins = itemsAt(unit, 'dropins', path).flatMap(({ item, path: inside }) =>
      textOf(item, inside, `${name}.d/${stringAt(item, 'name') ?? ''}`),
    );
    return [...textOf(unit, path, name), ...dropins];
  });
}

function textOf(unit: JsonObject, path: Path, name: string): readonly FilePart[] {
  const text = stringAt(unit, 'contents');
  if (text !== null) return [part([...path, 'contents'], name, decoded(text, ''))];
  const local = stringAt(unit, 'contents_local');
  return local === null ? [] : [part([...path, 'contents_local'], name, isElsewhere(local))];
}

function filesIn(config: JsonObject, at: Path): readonly FilePart[] {
  const files = itemsAt(config['storage'], 'files', [...at, 'storage']);
  return files.flatMap(({ item: file, path }) => {
    const name = stringAt(file, 'path') ?? '';
    const appended = itemsAt(file, 'append', path).flatMap(({ item, path: inside }) =>
      resource(item, inside, name),
    );
    return [...resource(file['contents'], [...path, 'contents'], name), ...appended];
  });
}

/** The name under which another configuration of Ignition is read. */
const CONFIG = 'config.ign';

/** Configurations that this one is merged with, or replaced by. */
function configsIn(config: JsonObject, at: Path): readonly FilePart[] {
  const inside = [...at, 'ignition', 'config'];
  const section = mapAt(config, ['ignition', 'config']);
  if (section === undefined) return [];
  return [
    ...itemsAt(section, 'merge', inside),
    ...itemsAt(section, 'append', inside),
    { item: section['replace'], path: [...inside, 'replace'] },
  ].flatMap(({ item, path }) => resource(item, path, CONFIG));
}

/** A text that is written in place, in a URL, or elsewhere. */
function resource(holder: JsonValue | undefined, path: Path, name: string): readonly FilePart[] {
  if (!isMap(holder)) return [];
  const inline = stringAt(holder, 'inline');
  if (inline !== null) return [part([...path, 'inline'], name, decoded(inline, ''))];
  const source = stringAt(holder, 'source');
  if (source !== null && source !== '') {
    const compression = stringAt(holder, 'compression') ?? '';
    return [part([...path, 'source'], name, fromUrl(source, compression))];
  }
  const local = stringAt(holder, 'local');
  return local === null ? [] : [part([...path, 'local'], name, isElsewhere(local))];
}

function part(path: Path, name: string, content: Content): FilePart {
  const as = (value: JsonValue) => (isMap(value) ? kubeletConfiguration(value) : undefined);
  return isKubeletPatch(name) ? { path, name, content, as } : { path, name, content };
}

function isElsewhere(name: string): Content {
  return { unreadable: `it is in the file ${name}` };
}

/** The files that cloud-init writes, and the commands that it runs, if some of them are about nodes. */
export const cloudConfig: PartsOf = (object) => [
  ...writtenFiles(object, [], 'write_files'),
  ...['bootcmd', 'runcmd'].flatMap((key) => {
    const commands = object[key];
    if (!Array.isArray(commands) || !commands.some(isAboutNodes)) return [];
    return [{ path: [key], name: key, content: { commands } }];
  }),
];

function isAboutNodes(command: JsonValue): boolean {
  const words = (Array.isArray(command) ? command : [command]).map(String);
  return startsNode(words) || changesNodes(words);
}

const OF_KUBEADM = ['kubeadmConfigSpec', 'kthreesConfigSpec', 'k0sConfigSpec'];

/** The files that a provider of Cluster API writes, in a control plane, a configuration, or a template of one. */
export const providerFiles: PartsOf = (object) =>
  [['spec'], ['spec', 'template', 'spec']]
    .flatMap((at) => [at, ...OF_KUBEADM.map((key) => [...at, key])])
    .flatMap((at) => {
      const config = mapAt(object, at);
      if (config === undefined) return [];
      return [...writtenFiles(config, at, 'files'), ...additions(config, at)];
    });

function writtenFiles(config: JsonObject, at: Path, key: string): readonly Part[] {
  return itemsAt(config, key, at)
    .flatMap(({ item: file, path }) => {
      const name = stringAt(file, 'path') ?? '';
      const text = stringAt(file, 'content');
      if (text === null || text === '') return fromElsewhere(file, path, name);
      const encoding = stringAt(file, 'encoding') ?? '';
      return [part([...path, 'content'], name, decoded(text, encoding))];
    })
    .filter(isNeeded);
}

const ELSEWHERE = ['contentFrom', 'source'];

function fromElsewhere(file: JsonObject, path: Path, name: string): readonly FilePart[] {
  const [key] = ELSEWHERE.filter((field) => isMap(file[field]));
  if (key === undefined) return [];
  return [part([...path, key], name, { unreadable: 'it is in another object or place' })];
}

/** Ignition's configuration, or cloud-init's, that is merged with that of the provider. */
const ADDITIONS: readonly Path[] = [
  ['ignition', 'containerLinuxConfig', 'additionalConfig'],
  ['agentConfig', 'additionalUserData', 'config'],
];

function additions(config: JsonObject, at: Path): readonly Part[] {
  return ADDITIONS.flatMap((path) => {
    const text = stringAt(mapAt(config, path.slice(0, -1)), String(path.at(-1)));
    if (text === null) return [];
    const as = (value: JsonValue) =>
      isMap(value) ? ownObject('Butane', 'user-data', value) : undefined;
    // Container Linux Config is the Butane of before, and has no keys that say so.
    const isContainerLinux = path[0] === 'ignition';
    const one = part([...at, ...path], 'user-data', decoded(text, ''));
    return [isContainerLinux ? { ...one, as } : one];
  });
}
