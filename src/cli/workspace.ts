import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { realPath } from './disk.ts';
import type { Io } from './io.ts';

/**
 * Makes what returns the address of a line in the repository, where GitHub Actions or GitLab CI say which one it is, and
 * at which commit. A file outside of it has none.
 */
export function addressesIn(
  io: Pick<Io, 'cwd' | 'env'>,
): (file: string, line: number) => string | undefined {
  const files = filesUrl(io.env);
  if (files === undefined) return () => undefined;
  const pathOf = pathsIn(io);
  return (file, line) => {
    const path = pathOf(file);
    const isInside =
      existsSync(resolve(io.cwd, file)) && !isAbsolute(path) && path.split('/')[0] !== '..';
    return isInside ? `${files}/${path.split('/').map(encoded).join('/')}#L${line}` : undefined;
  };
}

/** Where the files of the commit are shown. */
function filesUrl(env: Io['env']): string | undefined {
  const sha = env['GITHUB_SHA'] ?? env['CI_COMMIT_SHA'] ?? '';
  const [server, repository, project] = [
    env['GITHUB_SERVER_URL'],
    env['GITHUB_REPOSITORY'],
    env['CI_PROJECT_URL'],
  ];
  if (!/^[0-9a-f]{40,64}$/.test(sha)) return undefined;
  const url =
    server && repository ? `${server}/${repository}/blob/${sha}` : `${project}/-/blob/${sha}`;
  return /^https?:\/\/[\w.~:/-]+$/.test(url) ? url : undefined;
}

/** A name of a path in a URL, with what Markdown would read in a link encoded as well. */
function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll(/[!'()*~]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

/**
 * Makes what returns the path of a file from the root of the repository, where GitHub Actions or GitLab CI say where
 * that is: a step may run in a directory below it. A file outside of it gets an absolute path, since a relative one would
 * name a file of the repository.
 */
export function pathsIn({ cwd, env }: Pick<Io, 'cwd' | 'env'>): (file: string) => string {
  const workspace = env['GITHUB_WORKSPACE'] || env['CI_PROJECT_DIR'];
  if (workspace === undefined || workspace === '') return (file) => file;
  const root = realPath(workspace) ?? workspace;
  return (file) => {
    const asked = resolve(cwd, file);
    // What is missing is an error of the input. What a link of the repository leads to may be outside.
    const paths = [realPath(asked) ?? asked, asked].map((path) => relative(root, path));
    const path = paths.find((one) => one.split(sep)[0] !== '..' && !isAbsolute(one)) ?? asked;
    return path === '' ? '.' : path.split(sep).join('/');
  };
}
