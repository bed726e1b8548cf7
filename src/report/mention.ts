import type { Path } from '../errors.ts';
import type { NoteCode } from './report.ts';

/** What a key or a text mentions. */
export interface Mentioned {
  readonly code: Extract<
    NoteCode,
    | 'KIND_UNSUPPORTED'
    | 'OBJECT_EMBEDDED'
    | 'PLACEMENT_MENTIONED'
    | 'NODE_COMMAND'
    | 'REPLICAS_OVERRIDDEN'
  >;
  /** The word, the kind of the object inside, the command, or the component. */
  readonly what: string;
}

/** What in an object decides where pods run, though no policy may check it there. */
export interface Mention extends Mentioned {
  readonly path: Path;
}
