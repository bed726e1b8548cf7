/** Ends a text where GitHub or GitLab looks for something to link. A page shows nothing of it. */
const BREAK = '<!-- -->';

/**
 * Where GitHub or GitLab would make a link, a mention or an emoji of a text: behind the part that is matched.
 *
 * A backslash does not help: they search the text that Markdown leaves.
 */
const LINKED: readonly RegExp[] = [
  /@/g, // mentions, mail addresses, commits of other repositories
  /#(?=\d)/g, // issues
  /g[hl]-(?=\d)/gi,
  /[!&](?=\d)/g, // merge requests and epics of GitLab
  /[~%](?=[\w"*])/g, // its labels and milestones
  /\*(?=iteration:)/gi,
  /\[(?=[a-z_]+:)/gi, // [issue:1], [vulnerability:1]
  /[[{](?=[+-])/g, // a part of a diff
  /[a-z]:(?=\/\/)/gi, // URLs
  /(?:mailto|xmpp):/gi,
  /www(?=\.)/gi,
  /:(?=(?:\d*[a-z_+-][a-z0-9_+-]*|100|1234):)/gi, // emoji
];
/** Words that may name a commit: seven hexadecimal digits or more. */
const COMMIT = /(?<![a-z0-9])[0-9a-f]{7,}(?![a-z0-9])/gi;

/** Writes a text in Markdown in at most so many characters: what is cut ends with `…`. */
export function shortMarkdown(text: string, most: number): string {
  for (let length = Math.min(text.length, most); ; length = Math.floor(length / 2)) {
    const written = markdown(cut(text, length));
    if (written.length <= most || length === 0) return written;
  }
}

/** Cuts a text, and no character in two. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * Writes a text in Markdown, so that its page shows just this text: no markup, link, mention or formula.
 *
 * A page may be posted as a comment. A name in a manifest must not notify anyone there, or link to a page
 * of its author's choice.
 */
export function markdown(text: string): string {
  return LINKED.reduce((all, pattern) => all.replaceAll(pattern, '$&\0'), text)
    .replaceAll(COMMIT, (word) => word.replaceAll(/.{6}(?=.)/g, '$&\0'))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]|~#]/g, (character) => `\\${character}`)
    .replace(/^(\d*)([-+.)])(?=[ -])/, '$1\\$2') // a list
    .replaceAll('$', () => '<span>$</span>')
    .replaceAll('\0', BREAK);
}
