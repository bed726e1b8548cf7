/** What a plain scalar means; undefined stands for a number that JSON cannot say. */
export type Scalar = null | boolean | number | string | undefined;

const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...words(null, '', '~', 'null', 'Null', 'NULL'),
  ...words(true, 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'),
  ...words(false, 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'),
  ...words(undefined, '.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF'),
  ...words(undefined, '+.inf', '+.Inf', '+.INF', '-.inf', '-.Inf', '-.INF'),
]);

function words(value: Scalar, ...spellings: readonly string[]): readonly [string, Scalar][] {
  return spellings.map((spelling) => [spelling, value]);
}

/**
 * Resolves a plain scalar as Kubernetes' YAML library does (go.yaml.in/yaml/v2 resolve.go): YAML 1.1
 * words and octals, and no dates or sexagesimals.
 */
export function resolvePlain(text: string): Scalar {
  if (WORDS.has(text)) return WORDS.get(text);
  const first = text.charCodeAt(0);
  const isDigitOrSign = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d;
  if (isDigitOrSign) return number(text.replaceAll('_', '')) ?? text;
  if (first === 0x2e) return float(text) ?? text;
  return text;
}

function number(text: string): number | undefined {
  return integer(text) ?? float(text);
}

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const LARGEST = 2n ** 64n - 1n;
const SMALLEST = -(2n ** 63n);

function integer(text: string): number | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const size =
    hexadecimal !== undefined
      ? BigInt(`0x${hexadecimal}`)
      : binary !== undefined
        ? BigInt(`0b${binary}`)
        : octal !== undefined
          ? BigInt(`0o${octal}`)
          : BigInt(decimal ?? '');
  const value = sign === '-' ? -size : size;
  // A sign does not fit an unsigned number.
  const largest = sign === '' ? LARGEST : 2n ** 63n - 1n;
  return value >= SMALLEST && value <= largest ? Number(value) : undefined;
}

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

function float(text: string): number | undefined {
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
