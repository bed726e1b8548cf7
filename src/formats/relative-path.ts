/** A path without empty steps and steps that stay where they are: programs compare paths as texts. */
export function plainPath(file: string): string {
  const steps = file.split('/').filter((step) => step !== '' && step !== '.');
  const path = steps.join('/');
  if (file.startsWith('/')) return `/${path}`;
  return path === '' ? '.' : path;
}

/** A path as the URI of RFC 3986: relative, unless the path is absolute. */
export function uriOf(file: string): string {
  const path = plainPath(file).split('/').map(encoded).join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}

/** A lone surrogate has no encoding: U+FFFD stands for it. */
function encoded(step: string): string {
  return encodeURIComponent(step.replaceAll(/\p{Cs}/gu, '\ufffd'));
}
