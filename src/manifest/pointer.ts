/** How the pointers of Git LFS begin: what git has in place of a file whose bytes are elsewhere. */
const BEGINNING = /^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\/v\d+\n/;
const MOST_BYTES = 1024;

/** Whether bytes are a pointer of Git LFS, and not the file itself. As YAML it would be text, and no object. */
export function isPointer(bytes: Uint8Array): boolean {
  return bytes.length < MOST_BYTES && BEGINNING.test(new TextDecoder('latin1').decode(bytes));
}
