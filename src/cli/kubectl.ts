import { delimiter, isAbsolute } from 'node:path';
import type { Kubectl } from '../cluster/kubectl.ts';
import { type Arguments, usage } from './args.ts';
import type { Io } from './io.ts';
import { type Limits, run } from './run.ts';

/** A large cluster over a slow line: kubectl has its own limit, --request-timeout, for each request. */
const LIMITS: Limits = { milliseconds: 900_000, bytes: 64 * 1024 * 1024 };

/** The flags of kubectl that a command passes on as they are. */
const PASSED = ['context', 'kubeconfig', 'as', 'request-timeout'] as const;

/**
 * Makes what runs kubectl, as PATH finds it, with the flags of the command line.
 *
 * Kubeconfigs may be named relative to the current directory, so it runs there; but no program is taken from there.
 *
 * @throws UserError USAGE for flags after `--` that would change what is listed.
 */
export function kubectlFor({ values, rest = [] }: Arguments, io: Io): Kubectl {
  const flags = PASSED.flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  requireGlobal(rest);
  const { PATH = '', ...env } = io.env;
  const own = { ...io, env: { ...env, PATH: withoutRelative(PATH) } };
  return (argv, take) =>
    run('kubectl', [...argv, ...flags, ...rest], { cwd: io.cwd, io: own, limits: LIMITS, take });
}

function withoutRelative(path: string): string {
  return path.split(delimiter).filter(isAbsolute).join(delimiter);
}

/** The options that kubectl takes with every command (`kubectl options`), and that change nothing of what is listed. */
const VALUED = [
  ...['as-group', 'as-uid', 'as-user-extra', 'cache-dir', 'certificate-authority'],
  ...['client-certificate', 'client-key', 'cluster', 'kuberc', 'log-flush-frequency', 'password'],
  ...['proxy-url', 'server', 'tls-server-name', 'token', 'user', 'username', 'v', 'vmodule'],
];
const SWITCHES = [
  ...['disable-compression', 'insecure-skip-tls-verify', 'match-server-version'],
  'warnings-as-errors',
];
const SHORT: ReadonlyMap<string, string> = new Map([
  ['s', 'server'],
  ['v', 'v'],
  ['n', 'namespace'],
  ['A', 'all-namespaces'],
]);
/** What is a flag of the command itself. */
const OWN = [...PASSED, 'namespace', 'all-namespaces', 'output'];

/** An argument as kubectl reads it: `--v=4`, `-v=4`, `-v4` or `-v`. */
const FLAG = /^(?:--(?<long>[a-z][a-z-]*)|-(?<short>[A-Za-z]))(?<value>.*)$/s;

/** A selector, a name or `--field-selector` would leave out objects, and the rest would be taken for the whole. */
function requireGlobal(rest: readonly string[]): void {
  for (let index = 0; index < rest.length; index += 1) {
    const argument = rest[index] ?? '';
    const { long, short = '', value = '' } = FLAG.exec(argument)?.groups ?? {};
    const name = long ?? SHORT.get(short) ?? '';
    if (OWN.includes(name)) {
      throw usage(`--${name} is a flag of bulkhead too: write it before --`);
    }
    const takesValue = VALUED.includes(name);
    if (!takesValue && !SWITCHES.includes(name)) throw notGlobal(argument);
    if (takesValue && value === '') index += 1;
  }
}

function notGlobal(argument: string): Error {
  return usage(
    `${argument} cannot be passed on to kubectl: after -- only options that kubectl options lists can, as others may leave out objects`,
  );
}
