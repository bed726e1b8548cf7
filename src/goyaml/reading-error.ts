/** Why a chunk cannot be read, and where in it. The reader turns it into the error of the document. */
export class ReadingError extends Error {
  readonly code: 'MANIFEST_SYNTAX' | 'MANIFEST_TOO_LARGE';
  /** In the chunk, in UTF-16 units. */
  readonly offset: number;

  constructor(message: string, offset: number, code: ReadingError['code'] = 'MANIFEST_SYNTAX') {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
