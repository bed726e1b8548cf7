import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cut, markdown, shortMarkdown } from './markdown.ts';

const BREAK = '<!-- -->';

/** What GitHub or GitLab links, mentions or replaces in a text between two tags or comments. */
const REFERENCES: readonly RegExp[] = [
  /(?:https?|ftp):\/\/[a-z0-9]/i,
  /www\.[a-z0-9]/i,
  /[\w.+-]@[a-z0-9]/i,
  /(?:mailto|xmpp):./i,
  /(?:^|\W)@[a-z0-9]/i,
  /#\d/,
  /g[hl]-\d/i,
  /[!&]\d/,
  /[~%][\w"*]/,
  /\*iteration:/i,
  /\[[a-z_]+:/i,
  /[[{][+-]/,
  /\b[0-9a-f]{7,40}\b/i,
  /:(?:[a-z_+-][a-z0-9_+-]*|100|8ball):/i,
  /\$/,
];

/** The texts of a page that consists of a paragraph, as their filters see them. */
function textsOf(page: string): readonly string[] {
  return page
    .replaceAll(/\\([\\`*_{}[\]|~#.)+-])/g, '$1')
    .split(/<!-- -->|<span>(\$)<\/span>/)
    .map((text = '') =>
      text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    );
}

describe('a text in Markdown shows just this text', () => {
  for (const { text, page } of [
    { text: 'https://evil.example/x?a=b', page: `https:${BREAK}//evil.example/x?a=b` },
    { text: 'HTTP://evil.example', page: `HTTP:${BREAK}//evil.example` },
    { text: '(ftp://evil.example)', page: `(ftp:${BREAK}//evil.example)` },
    { text: 'ahttps://evil.example', page: `ahttps:${BREAK}//evil.example` },
    { text: 'www.evil.example', page: `www${BREAK}.evil.example` },
    { text: 'x WWW.evil.example', page: `x WWW${BREAK}.evil.example` },
    {
      text: 'http://www.evil.example',
      page: `http:${BREAK}//www${BREAK}.evil.example`,
    },
    { text: 'a@evil.example', page: `a@${BREAK}evil.example` },
    { text: 'mailto:a@evil.example', page: `mailto:${BREAK}a@${BREAK}evil.example` },
    { text: 'xmpp:a@evil.example/x', page: `xmpp:${BREAK}a@${BREAK}evil.example/x` },
    { text: '@octocat', page: `@${BREAK}octocat` },
    { text: 'ask @octocat/all', page: `ask @${BREAK}octocat/all` },
    { text: '(@octocat)', page: `(@${BREAK}octocat)` },
    { text: '#12', page: `\\#${BREAK}12` },
    { text: 'org/repo#1', page: `org/repo\\#${BREAK}1` },
    { text: 'GH-1 and gh-2', page: `GH-${BREAK}1 and gh-${BREAK}2` },
    {
      text: 'GL-1, !12, org/repo!3 and &4',
      page: `GL-${BREAK}1, !${BREAK}12, org/repo!${BREAK}3 and &amp;${BREAK}4`,
    },
    {
      text: '~bug ~"a b" %1.2 %"c" 100%',
      page: `\\~${BREAK}bug \\~${BREAK}"a b" %${BREAK}1.2 %${BREAK}"c" 100%`,
    },
    { text: '*iteration:5 [issue:1]', page: `\\*${BREAK}iteration:5 \\[${BREAK}issue:1\\]` },
    { text: '{+ a +} [- b -]', page: `\\{${BREAK}+ a +\\} \\[${BREAK}- b -\\]` },
    { text: 'deadbeef', page: `deadbe${BREAK}ef` },
    { text: '0123456789abcdef', page: `012345${BREAK}6789ab${BREAK}cdef` },
    { text: 'org/repo@1234567', page: `org/repo@${BREAK}123456${BREAK}7` },
    { text: ':skull:', page: `:${BREAK}skull:` },
    { text: 'web.yaml:100:5', page: `web.yaml:${BREAK}100:5` },
    { text: 'web.yaml:12:5', page: 'web.yaml:12:5' },
    { text: '$x^2$', page: '<span>$</span>x^2<span>$</span>' },
    { text: '<img src=x onerror=y>', page: '&lt;img src=x onerror=y&gt;' },
    { text: '![a](b)', page: '!\\[a\\](b)' },
    { text: '&#64;octocat', page: `&amp;\\#${BREAK}64;octocat` },
    { text: '> quoted', page: '&gt; quoted' },
    { text: '# head', page: '\\# head' },
    { text: '- item', page: '\\- item' },
    { text: '1. item', page: '1\\. item' },
    { text: '---', page: '\\---' },
    { text: 'a|b', page: 'a\\|b' },
    {
      text: '`a` **b** _c_ ~d~',
      page: `\\\`a\\\` \\*\\*b\\*\\* \\_c\\_ \\~${BREAK}d\\~`,
    },
    { text: '<!-- -->', page: '&lt;!-- --&gt;' },
    {
      text: 'Pod kube-system/web-6d4b75cb6d-x2x',
      page: `Pod kube-system/web-6d4b75${BREAK}cb6d-x2x`,
    },
    { text: 'kube-system/kube-dns: a [1, 2]', page: 'kube-system/kube-dns: a \\[1, 2\\]' },
  ]) {
    test(text, () => {
      assert.equal(markdown(text), page);
      assert.equal(textsOf(markdown(text)).join(''), text);
    });
  }

  const GITHUB = ['https:', '//', 'www', '.', 'a', '@', '#', '12', 'gh-', ':', 'skull', '$', '/'];
  const GITLAB = [
    '12',
    'a:',
    'gl-',
    '!',
    '&',
    '~',
    '%',
    '"',
    '*',
    'iteration:',
    '[',
    '{',
    '+',
    '-',
  ];
  for (const [site, parts] of Object.entries({ GITHUB, GITLAB })) {
    test(`whatever is put together, nothing is linked: ${site}`, () => {
      const pairs = parts.flatMap((one) => parts.map((two) => one + two));
      for (const text of pairs.flatMap((one) => pairs.map((two) => one + two))) {
        const texts = textsOf(markdown(text));
        assert.equal(texts.join(''), text);
        const linked = texts.filter(
          (part) => part !== '$' && REFERENCES.some((reference) => reference.test(part)),
        );
        assert.deepEqual(linked, [], text);
      }
    });
  }
});

describe('a short text in Markdown', () => {
  test('is whole if there is room', () => assert.equal(shortMarkdown('a|b', 4), 'a\\|b'));
  test('is cut before it is escaped, and no escape is cut', () => {
    const written = shortMarkdown('@'.repeat(1000), 100);
    assert.ok(written.length <= 100 && written.length > 30);
    assert.match(written, /^(?:@<!-- -->)+…$/);
  });
  test('has no half of a character', () => {
    assert.equal(cut('a\u{1f600}b', 2), 'a…');
    assert.equal(cut('a\u{1f600}b', 3), 'a\u{1f600}…');
  });
});
