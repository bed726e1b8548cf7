/**
 * The paths of what a profile that a program made has, and the same profile as it was read does not: a field that is
 * misspelt, or of another release, says something that would not be checked.
 */
export function unknownIn(given: unknown, read: unknown, path = ''): readonly string[] {
  if (given === undefined) return [];
  if (typeof given !== 'object' || given === null) return read === undefined ? [path] : [];
  if (read === undefined) return [path];
  return Object.entries(given).flatMap(([key, value]) => {
    const own = Array.isArray(given) ? `${path}[${key}]` : `${path === '' ? '' : `${path}.`}${key}`;
    const known: unknown = Object.hasOwn(Object(read), key)
      ? Reflect.get(Object(read), key)
      : undefined;
    return unknownIn(value, known, own);
  });
}
