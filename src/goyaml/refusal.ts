/** Why a chunk cannot be read, and where in it. */
export interface Fault {
  readonly code: 'MANIFEST_SYNTAX' | 'MANIFEST_TOO_LARGE';
  readonly reason: string;
  /** In the chunk, in UTF-16 units. */
  readonly offset: number;
}

/** Thrown within the reader, which turns it into the error of the document. */
export class Refusal extends Error implements Fault {
  readonly code: Fault['code'];
  readonly offset: number;

  constructor(reason: string, offset: number, code: Fault['code'] = 'MANIFEST_SYNTAX') {
    super(reason);
    this.code = code;
    this.offset = offset;
  }

  get reason(): string {
    return this.message;
  }
}
