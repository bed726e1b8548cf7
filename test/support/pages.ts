/**
 * A page in lines, for a golden that can be read: each block is a line, and the style and its hash are left out, since
 * they are looked at in screenshots.
 */
export function pageLines(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, '<style>…</style>')
    .replace(/<script>.*?<\/script>/s, '<script>…</script>')
    .replaceAll(/sha256-[\w+/=]*/g, 'sha256-…')
    .replaceAll(
      /(?=<(?:head|meta|title|style|body|svg class|symbol|a class="skip"|header|main|footer|section|h\d|p|ul|ol|li|div|table|thead|tbody|tfoot|tr|th|td|details|summary|script|pre|\/html)\b)/g,
      '\n',
    )
    .trimStart();
}
