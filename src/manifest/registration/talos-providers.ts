import type { Path } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../kubernetes/json.ts';
import { isMap, stringAt } from '../../kubernetes/objects.ts';
import { decoded } from './contents.ts';
import { mapAt, type Part, type PartsOf } from './part.ts';
import { machineConfig } from './talos.ts';

const CONFIGS: readonly Path[] = [
  ['spec', 'controlPlaneConfig', 'controlplane'],
  ['spec', 'controlPlaneConfig', 'init'],
  ['spec', 'template', 'spec'],
  ['spec'],
];

/** Talos' configuration in the objects of its providers of Cluster API: whole, and patches of a generated one. */
export const talosConfigs: PartsOf = (object) =>
  CONFIGS.flatMap((at) => {
    const config = mapAt(object, at);
    return config === undefined ? [] : configsIn(config, at);
  });

function configsIn(config: JsonObject, at: Path): readonly Part[] {
  const generated = stringAt(config, 'generateType') ?? '';
  const type = TYPES[generated];
  const as = (value: JsonValue) =>
    isMap(value) && stringAt(value, 'kind') === null
      ? machineConfig({ machine: {}, ...value }, 'machineconfig.yaml', type)
      : undefined;
  const { data, configPatches, strategicPatches } = config;
  const text = (path: Path, written: string): Part => ({
    path,
    name: 'machineconfig.yaml',
    what: "Talos' configuration",
    content: decoded(written, ''),
    as,
  });
  const patches = Array.isArray(strategicPatches) ? strategicPatches : [];
  return [
    ...(typeof data === 'string' && data !== '' ? [text([...at, 'data'], data)] : []),
    ...patches.flatMap((patch: JsonValue, index) =>
      typeof patch === 'string' ? [text([...at, 'strategicPatches', index], patch)] : [],
    ),
    ...(Array.isArray(configPatches) && configPatches.length > 0
      ? [
          {
            path: [...at, 'configPatches'],
            name: 'machineconfig.yaml',
            what: "Talos' configuration",
            content: { operations: configPatches },
            as,
          },
        ]
      : []),
  ];
}

/** The types that the provider generates, by Talos' name of the machine's. */
const TYPES: Readonly<Record<string, string>> = {
  controlplane: 'controlplane',
  init: 'controlplane',
  worker: 'worker',
  join: 'worker',
};
