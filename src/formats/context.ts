import type { Policy } from '../policy/policy.ts';

/** What a rendering may need besides its document. */
export interface Context {
  /** Returns the text of a file of the input, or undefined where it cannot be shown. */
  readonly source: (file: string) => string | undefined;
  readonly color: boolean;
  /** The columns that a line may take. */
  readonly width: number;
  /** Whether to list what is counted otherwise; false by default. */
  readonly verbose?: boolean;
  /** The policies that the findings name. */
  readonly policies: readonly Policy[];
}

/** Renders a document in one format. */
export type Render<Document> = (document: Document, context: Context) => string;
