import type { AppliedWaiver, Location, WaiverState } from '../report/report.ts';

/** A waiver of the configuration or of an annotation, and its use. */
export interface WaiverEntry extends AppliedWaiver {
  readonly policies: readonly string[];
  readonly match: WaiverState['match'];
  readonly use: Use;
}

/** How many findings, of which objects, a waiver applies to. */
interface Use {
  findings: number;
  readonly objects: Set<string>;
}

export function newUse(): Use {
  return { findings: 0, objects: new Set() };
}

/** The place of something, and nothing else of it. */
export function placeOf(location: Location): Location {
  const { file, line, column, endLine, endColumn, rendered } = location;
  const place = { file, line, column, endLine, endColumn };
  return rendered === undefined ? place : { ...place, rendered };
}
