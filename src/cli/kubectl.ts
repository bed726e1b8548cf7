import type { Kubectl } from '../cluster/kubectl.ts';
import type { Arguments } from './args.ts';
import type { Io } from './io.ts';
import { type Limits, run } from './run.ts';

/** A large cluster over a slow line: kubectl has its own limit, --request-timeout, for each request. */
const LIMITS: Limits = { milliseconds: 900_000, bytes: 64 * 1024 * 1024 };

/** The flags of kubectl that a command passes on as they are. */
const PASSED = ['context', 'kubeconfig', 'as', 'request-timeout'] as const;

/** Makes what runs kubectl, as PATH finds it, with the flags of the command line. */
export function kubectlFor({ values, rest = [] }: Arguments, io: Io): Kubectl {
  const flags = PASSED.flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  return (argv, take) =>
    run('kubectl', [...argv, ...flags, ...rest], { cwd: io.cwd, io, limits: LIMITS, take });
}
