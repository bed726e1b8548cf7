import { isMap } from '../../kubernetes/objects.ts';
import { hasAny, ownObject, type Recognise } from './shape.ts';

/** Recognises the install-config.yaml of OpenShift, which has an apiVersion and no kind. */
export const installConfig: Recognise = (value, { name }) => {
  const { apiVersion, kind, controlPlane, compute, platform } = value;
  if (typeof apiVersion !== 'string' || kind !== undefined) return undefined;
  const isOne =
    isMap(platform) && hasAny(value, ['baseDomain', 'pullSecret', 'compute', 'controlPlane']);
  if (!isOne && !(isMap(controlPlane) && Array.isArray(compute))) return undefined;
  return {
    what: 'an install-config of OpenShift',
    value: ownObject('InstallConfig', name, value),
  };
};
