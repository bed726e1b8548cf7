/** The kinds of tokens, by YAML 1.1 as Kubernetes' library (go.yaml.in/yaml/v2) reads it. */
export const TOKEN = {
  STREAM_END: 0,
  DOCUMENT_START: 1,
  DOCUMENT_END: 2,
  /** The start of a block mapping. BLOCK_END ends it, and a block sequence. */
  BLOCK_MAP: 3,
  BLOCK_LIST: 4,
  BLOCK_END: 5,
  FLOW_MAP: 6,
  FLOW_MAP_END: 7,
  FLOW_LIST: 8,
  FLOW_LIST_END: 9,
  FLOW_ENTRY: 10,
  /** The dash of a block sequence. */
  BLOCK_ENTRY: 11,
  /** Comes before a key, with or without a question mark. */
  KEY: 12,
  VALUE: 13,
  ALIAS: 14,
  ANCHOR: 15,
  TAG: 16,
  /** A scalar without quotes. */
  PLAIN: 17,
  /** A quoted scalar or a block scalar. */
  TEXT: 18,
} as const;

export type TokenType = (typeof TOKEN)[keyof typeof TOKEN];

/** Where something is written in a chunk, in UTF-16 units. */
export interface Span {
  readonly start: number;
  /** After its last character. */
  readonly end: number;
}

/** A part of a document. */
export interface Token extends Span {
  readonly type: TokenType;
  /** The value of a scalar as a string, the name of an alias or an anchor, or a tag. */
  readonly text: string;
  /** The key that it may start. */
  readonly candidate: KeyCandidate | undefined;
}

/** A possible key: a colon on the same line makes it one. */
export interface KeyCandidate {
  isPossible: boolean;
  /** At the indentation of a block mapping, only a key is allowed. */
  readonly isRequired: boolean;
  /** The index of its token in the document. */
  readonly number: number;
  readonly start: number;
  readonly lineStart: number;
}
