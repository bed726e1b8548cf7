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

/** The command lines of a systemd unit. */
export function unitLines({
  execStart,
}: JsonObject): readonly { readonly line: string; readonly path: Path }[] {
  return wordsOf(execStart).map((words, index) => ({
    line: wordsOf(words).join(' '),
    path: ['execStart', index],
  }));
}

/** The words of the command, and on lines of their own, of the commands that run at its start and end. */
function commandLine(container: JsonValue): string {
  if (!isMap(container)) return '';
  const { command, args, image, lifecycle } = container;
  const hooks = isMap(lifecycle) ? Object.values(lifecycle) : [];
  const executed = hooks.map((hook) =>
    isMap(hook) && isMap(hook['exec']) ? hook['exec']['command'] : null,
  );
  const own = wordsOf(command);
  const started = own.length > 0 ? own : [entrypointOf(image)];
  const lines = [[...started, ...wordsOf(args)], ...executed.map(wordsOf)];
  return lines.map((words) => words.join(' ')).join('\n');
}

function wordsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** What an image most likely runs without a command: the images of tools have the tool's name. */
function entrypointOf(image: JsonValue | undefined): string {
  const path = typeof image === 'string' ? image.replace(/@.*$/, '') : '';
  return path.slice(path.lastIndexOf('/') + 1).replace(/:.*$/, '');
}
