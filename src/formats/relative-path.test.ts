import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainPath, uriOf } from './relative-path.ts';

describe('a path is a text that programs can compare, and a URI', () => {
  for (const [file, path, uri] of [
    ['apps/web.yaml', 'apps/web.yaml', 'apps/web.yaml'],
    ['./apps//./web.yaml', 'apps/web.yaml', 'apps/web.yaml'],
    ['../web.yaml', '../web.yaml', '../web.yaml'],
    ['.', '.', '.'],
    ['-', '-', '-'],
    ['/tmp/a b.yaml', '/tmp/a b.yaml', 'file:///tmp/a%20b.yaml'],
    ['a b#c?d%e.yaml', 'a b#c?d%e.yaml', 'a%20b%23c%3Fd%25e.yaml'],
    // Without an escape, a: would be a scheme.
    ['a:b.yaml', 'a:b.yaml', 'a%3Ab.yaml'],
    ['a\\b.yaml', 'a\\b.yaml', 'a%5Cb.yaml'],
    ['ä/漢🚀.yaml', 'ä/漢🚀.yaml', '%C3%A4/%E6%BC%A2%F0%9F%9A%80.yaml'],
    ['\ud800.yaml', '\ud800.yaml', '%EF%BF%BD.yaml'],
    ['helm charts/shop', 'helm charts/shop', 'helm%20charts/shop'],
  ] as const) {
    test(JSON.stringify(file), () => {
      assert.equal(plainPath(file), path);
      assert.equal(uriOf(file), uri);
    });
  }
});
