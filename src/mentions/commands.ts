import type { Path } from '../errors.ts';
import type { JsonObject, JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';

/** The command lines of a pod's containers, each with the path of its container. */
export function commandLines(
  pod: JsonObject,
): readonly { readonly line: string; readonly path: Path }[] {
  return ['containers', 'initContainers'].flatMap((field) => {
    const containers: JsonValue = pod[field] ?? [];
    if (!Array.isArray(containers)) return [];
    return containers.map((container: JsonValue, index) => ({
      line: commandLine(container),
      path: [field, index],
    }));
  });
}

/** The words of the command, and of the commands that run at its start and end. */
function commandLine(container: JsonValue): string {
  if (!isMap(container)) return '';
  const { command, args, lifecycle } = container;
  const hooks = isMap(lifecycle) ? Object.values(lifecycle) : [];
  const executed = hooks.map((hook) =>
    isMap(hook) && isMap(hook['exec']) ? hook['exec']['command'] : null,
  );
  return [command, args, ...executed]
    .flatMap((words) => (Array.isArray(words) ? words : []))
    .join(' ');
}
