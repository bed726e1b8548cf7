import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberKey, resolvePlain, type Scalar } from './scalar-value.ts';

const meanings: readonly (readonly [name: string, value: Scalar, ...spellings: string[]])[] = [
  ['spellings of null', null, '', '~', 'null', 'Null', 'NULL'],
  [
    'spellings of true',
    true,
    'y',
    'Y',
    'yes',
    'Yes',
    'YES',
    'true',
    'True',
    'TRUE',
    'on',
    'On',
    'ON',
  ],
  [
    'spellings of false',
    false,
    'n',
    'N',
    'no',
    'No',
    'NO',
    'false',
    'False',
    'FALSE',
    'off',
    'Off',
  ],
  ['numbers that JSON does not have', undefined, '.nan', '.NaN', '.inf', '-.Inf', '+.INF'],
  ['octals', 420, '0644', '+0644', '0o644', '0O644', '00644', '0_6_4_4'],
  ['negative octals', -420, '-0644', '-0o644'],
  ['hexadecimals', 31, '0x1F', '0X1f', '+0x1F', '0x_1F', '0x001f'],
  ['binaries', 5, '0b101', '0B101', '+0b101', '0b1_01', '0b+101'],
  ['negative binaries', -5, '-0b101', '0b-101'],
  ['decimals', 1000, '1000', '1_000', '1__000_', '+1000', '1e3', '1E3', '1e+3', '1000.', '01e3'],
  ['decimals that are not octals', 8, '8', '08', '008', '8.0'],
  ['floats', 10.5, '10.5', '1_0.5', '+10.5', '010.5', '1.05e1', '105e-1'],
  ['floats without an integer part', 0.07, '.07', '.0_7', '+.07', '7e-2'],
  ['zeros', 0, '0', '-0', '+0', '00', '0x0', '0.0', '-0.0', '.0', '0e0', '-1e-400'],
  ['the largest number of 64 bits', 2 ** 64, '18446744073709551615', '0xffffffffffffffff'],
  ['numbers beyond 64 bits', 2 ** 64, '18446744073709551616'],
  ['the smallest number of 64 bits', -(2 ** 63), '-9223372036854775808', '-0x8000000000000000'],
];
for (const [name, value, ...spellings] of meanings) {
  test(`${name} are read as Kubernetes does`, () => {
    assert.deepEqual(
      spellings.map((text) => [text, resolvePlain(text)]),
      spellings.map((text) => [text, value]),
    );
  });
}

const strings =
  `yEs nO tRUE nULL oN .Nan .iNF -.nan 22:22 190:20:30 1:60 2001-01-01 2001-12-14t21:59:43Z
1e400 -1e400 0x 0b 0b2 0o 0o8 0xg 1f 0x1p3 1p3 1e e3 1e+ 1e5.5 1.2.3 10.0.0.1 -- --1 +-1 - + . .. .e3 ._5
.1_e3 _1 1,000 = << 10% 1Gi 100m 0x10000000000000000 Infinity NaN ~x 1d '1' "1" 9a`.split(/\s/);
test('other scalars are strings, including dates and times', () => {
  assert.deepEqual(
    strings.map((text) => resolvePlain(text)),
    strings,
  );
});

test('numbers as keys are written as Go writes them', () => {
  const keys: readonly (readonly [string, string | undefined])[] = [
    ['0x10', '16'],
    ['-0o7', '-7'],
    ['1_000', '1000'],
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', undefined],
    ['1.10', '1.1'],
    ['3.14159265', '3.1415927'],
    ['1e3', '1000'],
    ['1234567.8', '1.2345678e+06'],
    ['0.00001', '1e-05'],
    ['-.0', undefined],
    ['.0', '0'],
    ['-1e39', '-.inf'],
  ];
  assert.deepEqual(
    keys.map(([text]) => [text, numberKey(text, Number(text.replaceAll('_', '')))?.text]),
    keys,
  );
});
