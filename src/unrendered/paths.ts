/** The directory of a file name; `.` for one without a directory, empty for standard input. */
export function directoryOf(name: string): string {
  if (name === '-') return '';
  const slash = name.lastIndexOf('/');
  if (slash === 0) return '/';
  return slash < 0 ? '.' : name.slice(0, slash);
}

/** The last part of a file name. */
export function baseOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** A path without `.`, `..` and doubled slashes, so that two names of one file are equal. */
export function normalized(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else steps.push(step);
  }
  return (path.startsWith('/') ? '/' : '') + steps.join('/');
}

/** A path and the directories that it is in, the closest first. */
export function* ancestry(path: string): Generator<string> {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    yield path.slice(0, end);
  }
}

/** A path as an argument of a shell. */
export function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
