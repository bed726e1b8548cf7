/** A workflow command of GitHub Actions. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const NAMES = ['error', 'warning', 'notice', 'debug', 'group', 'add-mask', 'stop-commands', 'echo'];

/** Reads the commands of a log by the rules of GitHub's runner; a line that is none stands for itself. */
export function commandsIn(log: string): readonly (WorkflowCommand | string)[] {
  const lines = log.split(/\r\n|\n|\r/);
  return lines.filter((line) => line !== '').map((line) => commandIn(line) ?? line);
}

/** Reads a line of a log. The older form counts anywhere in it. */
export function commandIn(text: string): WorkflowCommand | undefined {
  const line = text.trimStart();
  const end = line.indexOf('::', 2);
  if (line.startsWith('::') && end !== -1) {
    const command = made(line.slice(2, end), ',', PROPERTY);
    if (command !== undefined) return { ...command, message: unescaped(line.slice(end + 2), DATA) };
  }
  const start = text.indexOf('##[');
  const close = text.indexOf(']', start);
  if (start === -1 || close === -1) return undefined;
  const command = made(text.slice(start + 3, close), ';', OLD);
  return command && { ...command, message: unescaped(text.slice(close + 1), OLD) };
}

/** What stands for a character, in the order in which it is replaced. */
type Escapes = readonly (readonly [code: string, character: string])[];
const DATA: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const PROPERTY: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
];
const OLD: Escapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];

function unescaped(text: string, escapes: Escapes): string {
  return escapes.reduce((all, [code, character]) => all.replaceAll(code, character), text);
}

function made(
  head: string,
  separator: string,
  escapes: Escapes,
): Omit<WorkflowCommand, 'message'> | undefined {
  const space = head.indexOf(' ');
  const name = space === -1 ? head : head.slice(0, space);
  if (!NAMES.includes(name.toLowerCase())) return undefined;
  const parts =
    space === -1
      ? []
      : head
          .slice(space + 1)
          .trim()
          .split(separator);
  const properties = parts.flatMap((part) => {
    const [, key, value] = /^=*([^=]+)=+(.+)$/s.exec(part) ?? [];
    return key === undefined || value === undefined ? [] : [[key, unescaped(value, escapes)]];
  });
  return { name, properties: Object.fromEntries(properties) };
}
