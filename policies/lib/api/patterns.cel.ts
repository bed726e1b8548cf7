import { all, any, type Cel, text, texts } from '../admission/cel.ts';

/** `lib.api.patterns.fits` */
export function fits(pattern: string, value: Cel): Cel {
  const [prefix = '', suffix] = pattern.split('*');
  if (suffix === undefined) return `${value} == ${text(pattern)}`;
  const ends = [
    prefix === '' ? 'true' : `${value}.startsWith(${text(prefix)})`,
    suffix === '' ? 'true' : `${value}.endsWith(${text(suffix)})`,
  ];
  const least = Math.max(1, [...prefix].length + [...suffix].length);
  return all(...ends, `${value}.size() >= ${least}`);
}

/** Whether a value fits one of the patterns. */
export function fitsAny(patterns: readonly string[], value: Cel): Cel {
  const plain = patterns.filter((pattern) => !pattern.includes('*'));
  const starred = patterns.filter((pattern) => pattern.includes('*'));
  const [only] = plain;
  const exact = plain.length > 1 ? [`${value} in ${texts(plain)}`] : [];
  if (plain.length === 1 && only !== undefined) exact.push(fits(only, value));
  return any(...exact, ...starred.map((pattern) => fits(pattern, value)));
}
