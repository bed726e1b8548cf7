/** What a document consists of, by YAML 1.1 as Kubernetes' library (go.yaml.in/yaml/v2) has it. */
export const TOKEN = {
  STREAM_END: 0,
  DOCUMENT_START: 1,
  DOCUMENT_END: 2,
  /** The start of a block map; its end, like a block list's, is BLOCK_END. */
  BLOCK_MAP: 3,
  BLOCK_LIST: 4,
  BLOCK_END: 5,
  FLOW_MAP: 6,
  FLOW_MAP_END: 7,
  FLOW_LIST: 8,
  FLOW_LIST_END: 9,
  FLOW_ENTRY: 10,
  /** The dash of a block list. */
  BLOCK_ENTRY: 11,
  /** Stands before a key, whether a question mark is written or not. */
  KEY: 12,
  VALUE: 13,
  ALIAS: 14,
  ANCHOR: 15,
  TAG: 16,
  /** A scalar without quotes. */
  PLAIN: 17,
  /** A scalar in quotes, or a block of text. */
  TEXT: 18,
} as const;

export type TokenType = (typeof TOKEN)[keyof typeof TOKEN];

/** The part of a chunk in which something is written, in UTF-16 units. */
export interface Span {
  readonly start: number;
  /** Where what follows it starts. */
  readonly end: number;
}

/** A part of a document. */
export interface Token extends Span {
  readonly type: TokenType;
  /** What a scalar says, its style undone; the name of an alias or an anchor; a tag. */
  readonly text: string;
  /** The key that may start with it. */
  readonly candidate: KeyCandidate | undefined;
}

/** What may turn out to be a key, once its colon is seen: it must be on the key's line. */
export interface KeyCandidate {
  isPossible: boolean;
  /** At the indentation of a block map there can be nothing else. */
  readonly isRequired: boolean;
  /** Counted over all tokens of the document. */
  readonly number: number;
  readonly start: number;
  readonly lineStart: number;
}
