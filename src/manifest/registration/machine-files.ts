import { isMap } from '../../kubernetes/objects.ts';
import { hasAny, ownObject, type Recognise } from './shape.ts';

/** Whether a file is Butane or Ignition by its ending, even if it cannot be read. */
export function isMachineFile(name: string): boolean {
  return /\.(?:bu|ign)$/i.test(name);
}

/** Recognises the configuration of an operating system that has the units and files of a machine. */
export const ignition: Recognise = (value, { name }) => {
  const { ignition: section } = value;
  if (!isMap(section) || typeof section['version'] !== 'string') return undefined;
  return { what: 'an Ignition configuration', value: ownObject('Ignition', name, value) };
};

/** Butane is Ignition as people write it. */
export const butane: Recognise = (value, { name }) => {
  const { variant, version } = value;
  if (typeof variant !== 'string' || version === undefined) return undefined;
  if (!hasAny(value, ['systemd', 'storage', 'ignition', 'passwd', 'kernel_arguments', variant])) {
    return undefined;
  }
  return { what: 'a Butane configuration', value: ownObject('Butane', name, value) };
};

/** cloud-init's, by its first line, which cloud-init requires. */
export const cloudConfig: Recognise = (value, { name, text }) => {
  if (!isCloudConfig(text)) return undefined;
  return { what: 'a cloud-config', value: ownObject('CloudConfig', name, value) };
};

/** Whether a text says in its first line that it is a cloud-config. */
export function isCloudConfig(text: string): boolean {
  return /^(?:## template: jinja\r?\n)?#cloud-config\b/.test(text);
}
