import assert from 'node:assert/strict';
import { test } from 'node:test';
import { xmlText } from './xml.ts';

test('elements are nested, and empty ones have one tag', () => {
  const empty = { name: 'c', attributes: { n: 1 }, children: [] };
  const text = { name: 'd', attributes: {}, children: 'x\n  y' };
  assert.equal(
    xmlText({ name: 'a', attributes: {}, children: [empty, text] }),
    '<?xml version="1.0" encoding="UTF-8"?>\n<a>\n  <c n="1"/>\n  <d>x\n  y</d>\n</a>\n',
  );
});

test('what XML would read as something else is a reference, what it cannot have is shown as an escape', () => {
  const hostile = '<&">]]>\t\r\n\u0000\u001b\ud800\ufffe\uffff🚀';
  assert.equal(
    xmlText({ name: 'a', attributes: { b: hostile }, children: hostile }),
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<a b="&lt;&amp;&quot;&gt;]]&gt;&#9;&#13;&#10;\\x00\\x1b\\ud800\\ufffe\\uffff🚀">' +
      '&lt;&amp;"&gt;]]&gt;\t&#13;\n\\x00\\x1b\\ud800\\ufffe\\uffff🚀</a>\n',
  );
});
