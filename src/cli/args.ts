import { parseArgs } from 'node:util';
import { UserError } from '../errors.ts';
import { inWords, similar } from '../words.ts';

/** A flag of a command. */
export interface Option {
  readonly name: string;
  readonly short?: string;
  /** What its value is called in the help; a flag without one takes no value. */
  readonly value?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** A file may follow each of them: `json=FILE`. */
  readonly takesFile?: true;
  /** Its value is a whole number, this or more. */
  readonly least?: number;
  readonly default?: string;
  /** The default that the help shows, where the configuration comes before it. */
  readonly shown?: string;
  readonly required?: boolean;
  /** It may be given several times. */
  readonly isRepeatable?: true;
  readonly help: string;
}

/** What a command takes on the command line. */
export interface Syntax {
  readonly name: string;
  readonly positional: {
    readonly label: string;
    readonly least: number;
    readonly most: number;
    readonly help: string;
  };
  /** It takes arguments for another program, after `--`: how the help calls them. */
  readonly rest?: { readonly label: string; readonly help: string };
  readonly options: readonly Option[];
}

/** A command line that was understood. */
export interface Arguments {
  /** By the long name of the flag; a flag without a value is there with an empty one. */
  readonly values: ReadonlyMap<string, string>;
  /** The values of each flag that may be given several times, in their order. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
  /** What follows `--`, if the command takes arguments for another program. */
  readonly rest?: readonly string[];
}

/** What other tools call a flag or a command of Bulkhead. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['--format', '--output'],
  ['lint', 'check'],
  ['scan', 'check'],
  ['validate', 'check'],
]);

/** The flag that every command has. */
export const HELP: Option = { name: 'help', short: 'h', help: 'Print this help.' };

/**
 * Reads the arguments of a command, strictly: anything that is not its own is an error.
 *
 * @throws UserError USAGE
 */
export function parse(syntax: Syntax, argv: readonly string[]): Arguments {
  const options = [...syntax.options, HELP];
  const { own, rest } = divided(syntax, argv);
  // parseArgs' own strict mode knows no near misses and no choices.
  const { tokens } = parseArgs({
    args: [...own],
    options: Object.fromEntries(options.map(parseArgsOption)),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options.find(({ name }) => name === token.name);
    if (option === undefined) throw unknownFlag(syntax, options, token.rawName);
    const value = checkedValue(option, token.value, token.inlineValue === true);
    if (option.isRepeatable === true) {
      lists.set(option.name, [...(lists.get(option.name) ?? []), value]);
      continue;
    }
    if (values.has(option.name)) throw usage(`--${option.name} may be specified only once`);
    values.set(option.name, value);
  }
  const found = { values, lists, positionals, ...rest };
  if (!values.has(HELP.name)) complete(syntax, found);
  return found;
}

/** The arguments of a command, and those that it passes to another program. */
function divided(
  { rest }: Syntax,
  argv: readonly string[],
): { readonly own: readonly string[]; readonly rest: Pick<Arguments, 'rest'> } {
  const end = rest === undefined ? -1 : argv.indexOf('--');
  return end === -1
    ? { own: argv, rest: {} }
    : { own: argv.slice(0, end), rest: { rest: argv.slice(end + 1) } };
}

/** Makes the error of a command line that cannot be understood. */
export function usage(message: string): UserError {
  return new UserError('USAGE', message);
}

/** Makes `; did you mean …?` of the candidates that a word may stand for, or nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const synonym = SYNONYMS.get(word);
  const near =
    synonym !== undefined && candidates.includes(synonym) ? [synonym] : similar(word, candidates);
  return near.length === 0 ? '' : `; did you mean ${inWords(near, 'or')}?`;
}

function parseArgsOption(option: Option) {
  const type = option.value === undefined ? ('boolean' as const) : ('string' as const);
  return [
    option.name,
    option.short === undefined ? { type } : { type, short: option.short },
  ] as const;
}

/** More flags than these are not listed in an error. */
const MOST_LISTED = 8;

function unknownFlag(syntax: Syntax, options: readonly Option[], flag: string): UserError {
  const known = options.map(({ name }) => `--${name}`);
  const all =
    known.length > MOST_LISTED
      ? `bulkhead ${syntax.name} --help lists its flags`
      : `bulkhead ${syntax.name} takes ${known.join(', ')}`;
  const hint = suggestion(flag, known) || `; ${all}`;
  return usage(`unknown flag: ${flag}${hint}`);
}

function checkedValue(option: Option, value: string | undefined, inline: boolean): string {
  const flag = `--${option.name}`;
  if (option.value === undefined) {
    if (value !== undefined) throw usage(`${flag} does not take a value: ${value}`);
    return '';
  }
  // `--profile --output json` is a forgotten value, not a profile of that name.
  const flagInstead = value !== undefined && !inline && value.startsWith('-') && value !== '-';
  if (value === undefined || value === '' || flagInstead) {
    throw usage(`${flag} needs a value: ${flag} ${option.value}`);
  }
  checkChoice(option, value);
  if (option.least !== undefined && !(/^\d{1,9}$/.test(value) && Number(value) >= option.least)) {
    throw usage(`${flag} must be a number, ${option.least} or more, not ${value}`);
  }
  return value;
}

/** Splits a choice from the file behind it. */
export function splitChoice(value: string): readonly [choice: string, file?: string] {
  const end = value.indexOf('=', 1);
  return end === -1 ? [value] : [value.slice(0, end), value.slice(end + 1)];
}

function checkChoice({ name, choices, takesFile }: Option, value: string): void {
  if (choices === undefined) return;
  const [choice, file] = takesFile === true ? splitChoice(value) : [value];
  if (!choices.includes(choice)) {
    const valid = inWords(choices, 'or');
    throw usage(`--${name} must be ${valid}, not ${choice}${suggestion(choice, choices)}`);
  }
  if (file === '' || file === '-') {
    throw usage(
      `--${name} ${value} names no file: write ${choice}=FILE, or ${choice} for standard output`,
    );
  }
}

/** Requires what must be there, and fills in defaults. */
function complete(
  syntax: Syntax,
  { values, positionals }: Arguments & { readonly values: Map<string, string> },
): void {
  const { least, most, label, help } = syntax.positional;
  const surplus = positionals[most];
  if (surplus !== undefined) throw usage(`unexpected argument: ${surplus}`);
  if (positionals.length < least) throw usage(`missing argument ${label}: ${help}`);
  for (const option of syntax.options) {
    if (values.has(option.name)) continue;
    if (option.required === true) throw missingFlag(option);
    if (option.default !== undefined) values.set(option.name, option.default);
  }
}

function missingFlag({ name, value, help }: Option): UserError {
  const purpose = help.charAt(0).toLowerCase() + help.slice(1).replace(/\.$/, '');
  return usage(`missing flag --${name} ${value ?? ''}: ${purpose}`);
}
