import { visible } from '../formats/text.ts';
import { writeYaml } from '../manifest/yaml.ts';

/**
 * Writes a text as one line of a YAML comment.
 *
 * It cannot end the comment: line breaks and every hidden character are escapes.
 */
export function comment(text: string): string {
  return text === '' ? '#' : `# ${visible(text)}`;
}

/** Writes a string as YAML that is read as just this string, in one line. */
export function scalar(text: string): string {
  // A line break or a hidden character is an escape, which JSON and YAML write alike.
  if (visible(text) !== text) return escaped(text);
  const written = writeYaml(text).trimEnd();
  // At the start of a document `---` is written as a block.
  return written.includes('\n') ? escaped(text) : written;
}

function escaped(text: string): string {
  return JSON.stringify(text).replaceAll(/[^\u0020-\u007e]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Makes each line of a text a comment, so that dropping `# ` makes it what it was. */
export function commentedOut(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '#' : `# ${line}`));
}
