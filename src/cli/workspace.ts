import { isAbsolute, relative, resolve, sep } from 'node:path';
import { realPath } from './disk.ts';
import type { Io } from './io.ts';

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
