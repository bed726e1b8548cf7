import { changesNodes } from './node-commands.ts';
import { textsOf, type Word, type Written, wordsOf } from './unit-words.ts';

/** What a systemd unit or drop-in starts. */
export interface Unit {
  /**
   * The command lines of ExecStart=, and those before and after it that change nodes, with the variables whose
   * value is known replaced.
   */
  readonly commands: readonly (readonly Word[])[];
  /** The names of the variables that were replaced. */
  readonly variables: readonly Word[];
  /** Files that can set these variables, and variables that are unset. */
  readonly environmentFiles: readonly Word[];
}

/**
 * Reads a unit as systemd does (systemd.syntax, systemd.service): an empty ExecStart=, Environment= or
 * EnvironmentFile= resets those before it.
 */
export function readUnit(text: string): Unit {
  const settings = settingsOf(text).filter(({ section }) => section === 'Service');
  const environment = environmentOf(since(settings, 'Environment'));
  const variables: Word[] = [];
  const commandsIn = (key: string) =>
    since(settings, key)
      .flatMap(commandsOf)
      .map(({ words, isLiteral }) =>
        isLiteral ? words : words.flatMap((word) => replaced(word, environment, variables)),
      );
  const beside = ['ExecStartPre', 'ExecStartPost']
    .flatMap(commandsIn)
    .filter((words) => changesNodes(textsOf(words)));
  const commands = [...commandsIn('ExecStart'), ...beside];
  const environmentFiles = ['EnvironmentFile', 'UnsetEnvironment']
    .flatMap((key) => since(settings, key))
    .flatMap((value) => wordsOf(value));
  return { commands, variables, environmentFiles };
}

/** Reads the arguments of a kubelet, with comments between them. */
export function readArguments(text: string): Unit {
  const words = physicalLines(text)
    .filter((line) => !/^\s*#/.test(line.text))
    .flatMap((line) => wordsOf(line));
  const program = { text: 'kubelet', at: [], start: 0, end: 0, isPlain: true };
  return { commands: [[program, ...words]], variables: [], environmentFiles: [] };
}

interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: Written;
}

/** The values of a key since it was last reset. */
function since(settings: readonly Setting[], key: string): readonly Written[] {
  const values = settings.filter((setting) => setting.key === key).map(({ value }) => value);
  return values.slice(values.findLastIndex(({ text }) => text === '') + 1);
}

function settingsOf(text: string): readonly Setting[] {
  const settings: Setting[] = [];
  let section = '';
  for (const line of logicalLines(text)) {
    const header = /^\[(.*)\]$/.exec(line.text);
    const equals = line.text.indexOf('=');
    if (header !== null) section = header[1] ?? '';
    else if (equals > 0) {
      const key = line.text.slice(0, equals).trimEnd();
      settings.push({ section, key, value: trimmed(cut(line, equals + 1)) });
    }
  }
  return settings;
}

/** Lines. One that ends in a backslash continues on the next line that is not a comment. */
function logicalLines(text: string): readonly Written[] {
  const lines: Written[] = [];
  let open: Written[] = [];
  for (const line of physicalLines(text)) {
    if (/^\s*[#;]/.test(line.text)) continue;
    const isContinued = (/\\*$/.exec(line.text)?.[0].length ?? 0) % 2 === 1;
    if (isContinued) open.push({ text: `${line.text.slice(0, -1)} `, at: line.at });
    else {
      lines.push(trimmed(joined([...open, line])));
      open = [];
    }
  }
  return [...lines, trimmed(joined(open))];
}

function joined(lines: readonly Written[]): Written {
  const at = lines.flatMap((line) => line.at.slice(0, -1));
  return {
    text: lines.map(({ text }) => text).join(''),
    at: [...at, lines.at(-1)?.at.at(-1) ?? 0],
  };
}

/** The lines of the file, without trailing white space. */
function physicalLines(text: string): readonly Written[] {
  return [...text.matchAll(/[^\r\n]*(?:\r\n?|\n|$)/g)].map(({ 0: line, index = 0 }) => {
    const shown = line.trimEnd();
    return {
      text: shown,
      at: Array.from({ length: shown.length + 1 }, (_, column) => index + column),
    };
  });
}

function trimmed(line: Written): Written {
  const from = line.text.length - line.text.trimStart().length;
  return cut(line, from, Math.max(from, line.text.trimEnd().length));
}

function cut({ text, at }: Written, from: number, to = text.length): Written {
  return { text: text.slice(from, to), at: at.slice(from, to + 1) };
}

/** The variables that a unit sets itself. */
function environmentOf(values: readonly Written[]): ReadonlyMap<string, Written> {
  const environment = new Map<string, Written>();
  for (const word of values.flatMap((value) => wordsOf(value))) {
    const equals = word.text.indexOf('=');
    if (equals > 0) environment.set(word.text.slice(0, equals), cut(word, equals + 1));
  }
  return environment;
}

interface Command {
  readonly words: readonly Word[];
  /** Whether a colon before the program turns off the replacement of variables. */
  readonly isLiteral: boolean;
}

/** The commands of one ExecStart=, separated by semicolons, without the prefixes of their programs. */
function commandsOf(value: Written): readonly Command[] {
  const commands: Word[][] = [[]];
  for (const word of wordsOf(value)) {
    if (word.text === ';' && word.isPlain) commands.push([]);
    else commands.at(-1)?.push(word);
  }
  return commands.map(([program, ...rest]) => {
    if (program === undefined) return { words: [], isLiteral: false };
    const prefix = /^[-@:+!|]*/.exec(program.text)?.[0] ?? '';
    const bare = { ...program, ...cut(program, prefix.length) };
    return { words: [bare, ...rest], isLiteral: prefix.includes(':') };
  });
}

/**
 * Replaces the variables of a word. `$A` as a whole word is split into words, `${A}` is not. Unknown
 * variables are kept as written.
 */
function replaced(
  word: Word,
  environment: ReadonlyMap<string, Written>,
  variables: Word[],
): readonly Word[] {
  const lookUp = (name: string): Written | undefined => {
    const value = environment.get(name);
    if (value !== undefined) variables.push({ ...word, text: name });
    return value;
  };
  const alone = /^\$([^{$].*)$/s.exec(word.text)?.[1];
  if (alone !== undefined) {
    const value = lookUp(alone);
    return value === undefined ? [word] : wordsOf(value, 'none');
  }
  const text = word.text.replaceAll(/\$\$|\$\{([^}]*)\}/g, (found, name?: string) =>
    name === undefined ? '$' : (lookUp(name)?.text ?? found),
  );
  return [{ ...word, text }];
}
