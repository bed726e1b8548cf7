/**
 * Every problem that a user of Bulkhead can fix, by code.
 *
 * A code never changes its meaning: scripts match on it, prose may improve.
 */
export type ErrorCode =
  | 'MANIFEST_SYNTAX' // a document that is not YAML or JSON as Kubernetes reads it
  | 'MANIFEST_ENCODING' // bytes that are not text in an encoding that kubectl reads
  | 'MANIFEST_TOO_LARGE' // aliases that expand beyond the budget, or nesting too deep
  | 'MANIFEST_OBJECT' // a document with the shape of an object but not readable as one
  | 'MANIFEST_TEMPLATE' // a template that has to be rendered first
  | 'MANIFEST_PATCH' // a patch of an object
  | 'MANIFEST_PLACEHOLDER' // an object with a placeholder in a field that decides a verdict
  | 'NOT_RENDERED' // a Helm chart or a kustomization, which have to be rendered first
  | 'RENDER_FAILED' // helm or kustomize could not render an input
  | 'RENDER_TOOL_MISSING' // helm or kustomize is not on PATH
  | 'RENDER_EMPTY' // a chart or kustomization without any object
  | 'FILE_UNREADABLE' // a path that is missing or cannot be read
  | 'NOTHING_TO_CHECK' // no Kubernetes object in all that was given
  | 'NODES_UNKNOWN' // a simulation without the nodes it is about
  | 'PROFILE_SYNTAX' // a profile that is not YAML
  | 'PROFILE_INVALID' // a profile that does not follow its schema
  | 'PROFILE_UNKNOWN' // a profile or add-on name that is not built in
  | 'PROFILE_CYCLE' // a profile that extends itself
  | 'PROFILE_NEWER' // a profile that was written for a later release
  | 'PROFILE_ROLE_UNKNOWN' // a node role that the profile does not declare
  | 'PROFILE_ROLE_UNMARKED' // a node role without labels
  | 'PROFILE_COMPONENT_DUPLICATE' // two components with one name
  | 'PROFILE_ROW_UNMATCHABLE' // a row that no object can match, or that checks nothing
  | 'CONFIG_SYNTAX' // a configuration that is not YAML
  | 'CONFIG_INVALID' // a configuration that does not follow its schema, or names what does not exist
  | 'BASELINE_SYNTAX' // a baseline that is not JSON
  | 'BASELINE_INVALID' // a baseline that does not follow its schema
  | 'GIT_FAILED' // a revision of git that cannot be read
  | 'TOOL_MISSING' // kubectl is not on PATH
  | 'CLUSTER_CONTEXT' // kubectl has no context, or cannot read its configuration
  | 'CLUSTER_UNREACHABLE' // the API server does not answer, or not to this user
  | 'CLUSTER_NAMESPACE' // a namespace that the cluster does not have
  | 'KIND_FORBIDDEN' // a kind that the user may not list
  | 'KIND_UNREADABLE' // a kind whose list could not be read
  | 'KIND_ABSENT' // a dump of a cluster without a kind that a policy needs
  | 'SNAPSHOT_INVALID' // a file that audit --save has not written
  | 'ENGINE_FAILED' // the policies did not answer for an object
  | 'NOT_SIMULATED' // an object of a component that the simulation does not cover
  | 'POLICY_UNKNOWN' // a policy id that does not exist
  | 'OUTPUT_UNWRITABLE' // a file or directory that cannot be written
  | 'NOT_BUILT' // a checkout without its built files
  | 'USAGE'; // a command line that cannot be understood

/** A place in a file, and where it ends if that is known: 1-based, columns in UTF-16 code units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  /** Of the first character that is not part of it. */
  readonly endColumn?: number;
  /** Where it is in a rendered text, if it comes from one. */
  readonly rendered?: RenderedPlace;
}

/** A place in what Helm or kustomize printed. */
export interface RenderedPlace {
  /** The name of the input, such as `helm charts/shop`. */
  readonly input: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** A place whose end is known. */
export type Range = Place & Required<Pick<Place, 'endLine' | 'endColumn'>>;

/** A problem of the input, not of Bulkhead: what is wrong, what to do, and where. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;
  readonly place: Place | undefined;
  /** Every mistake of a file that has several, this one included; else none. */
  readonly errors: readonly UserError[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { place?: Place; cause?: unknown; errors?: readonly UserError[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.place = options.place;
    this.errors = options.errors ?? [];
  }
}

/** The policy engine failed: nothing it returned can be trusted, and no report may say "clean". */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/** A path into an object: keys of objects and indexes of lists. */
export type Path = readonly (string | number)[];
