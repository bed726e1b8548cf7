/** What tools put a text in the place of. `$schema` and the like are keys of JSON Schema. */
export const HOLE =
  /\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|<%.{0,300}?%>|\$\{.{0,300}?\}|\$\(.{0,300}?\)|\(\(.{0,300}?\)\)|\[\[.{0,300}?\]\]|#\{.{0,300}?\}|<[A-Za-z_][^<>]{0,300}>|\$(?!(?:schema|id|ref|defs|comment|anchor|vocab\w+|dynamicRef|recursiveRef)\b)[A-Za-z_]\w*|%[A-Za-z_]\w*%|@[A-Za-z_][\w.]*@|__[A-Za-z]\w*__/g;

/** Those that whole lines can come for. */
export const OUTPUT =
  /\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|<%.{0,300}?%>|\$\{.{0,300}?\}|\$\(.{0,300}?\)/g;

/** Tags of templates that no text comes for: conditions, loops, assignments and comments. */
export const CONTROL = new RegExp(
  [
    '\\{\\{-?\\s*(?:(?:if|else|end|range|with|define|break|continue)\\b|\\$\\w+\\s*:?=|[#^!/]).{0,300}?\\}\\}',
    `\\{%[-+]?\\s*(?:${[
      'if|elif|elsif|elseif|else|endif|unless|endunless|for|endfor|case|when|endcase|set|endset|assign',
      'capture|endcapture|raw|endraw|comment|endcomment|macro|endmacro|with|endwith|import|from|break|continue',
    ].join('|')})\\b.{0,300}?%\\}`,
    '\\{#.{0,300}?#\\}',
    '<%(?!=).{0,300}?%>',
  ].join('|'),
  'g',
);

/** Tags of that kind at the start of a text. */
export const LEADING_CONTROL = new RegExp(`^(?:(?:${CONTROL.source})\\s*)+`);

/** A tag at the end of a line that takes the line break away. */
export const TRIMS = /-(?:\}\}|%\}|%>)$/;

/** Returns where a text starts after comments of Go templates, which may have several lines. */
export function afterComments(text: string): number {
  const comment = /\s*\{\{-?\s*\/\*/y;
  let at = 0;
  while (comment.test(text)) {
    const close = /\*\/\s*-?\}\}/y;
    close.lastIndex = text.indexOf('*/', comment.lastIndex);
    if (close.lastIndex < 0 || !close.test(text)) return at;
    at = close.lastIndex;
    comment.lastIndex = at;
  }
  return at;
}
