import type { Catalogue } from '../policy/policy.ts';

/** What a page for people may have besides open findings. */
export const SHOWN = ['notes', 'waived', 'baseline', 'all'] as const;
export type Shown = (typeof SHOWN)[number];

/** What a rendering may need besides its document. */
export interface Context {
  /** Returns the text of a file of the input, or undefined where it cannot be shown. */
  readonly source: (file: string) => string | undefined;
  /** Returns the path of a file of the input from the root of the repository; its name if absent. */
  readonly repositoryPath?: (file: string) => string;
  /** Returns the address of a line of a file of the input, where the repository is shown; undefined if it is not. */
  readonly lineAddress?: (file: string, line: number) => string | undefined;
  readonly color: boolean;
  /** The columns that a line may take. */
  readonly width: number;
  /** Whether to list what is counted otherwise; false by default. */
  readonly verbose?: boolean;
  /** The policies that the findings name, and where their pages are. */
  readonly catalogue: Catalogue;
  /** The page of each policy in Markdown, by id. */
  readonly pages: () => Readonly<Record<string, string>>;
  /** Only notes if absent. */
  readonly show?: ReadonlySet<Shown>;
}

/** Renders a document in one format. */
export type Render<Document> = (document: Document, context: Context) => string;
