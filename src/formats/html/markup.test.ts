import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { html, separated, short, trusted } from './markup.ts';

const text = (value: string) => html`${value}`.markup;

test('a value is text, whatever it is made of', () => {
  assert.equal(text(`<b a="x" c='y'>&amp;`), '&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;');
  assert.equal(text('a\u202eb\u0000\n'), 'a\\u202eb\\x00\\n');
});

test('any text has no character that markup is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      assert.doesNotMatch(
        text(value).replaceAll(/&(?:amp|lt|gt|quot|#39);/g, ''),
        /[<>"'&\p{Cc}]/u,
      );
    }),
  );
});

test('markup, lists, numbers and what is not there', () => {
  assert.equal(html`<p>${[html`<b>${1}</b>`, '<', undefined]}</p>`.markup, '<p><b>1</b>&lt;</p>');
  assert.equal(trusted('<a>').markup, '<a>');
  assert.equal(html`${separated(['a', 'b', 'c'], html`<br>`)}`.markup, 'a<br>b<br>c');
});

test('the layout of a template is not part of the page', () => {
  assert.equal(
    html`
      <p>
        a b
      </p>`.markup,
    '<p>a b</p>',
  );
});

test('a long text is cut, and never within a character', () => {
  assert.equal(short('abc', 3), 'abc');
  assert.equal(short('abcd', 3), 'ab…');
  assert.equal(short('a\u{1f680}b', 3), 'a…');
  assert.equal(short('x'.repeat(10_000)).length, 253);
});
