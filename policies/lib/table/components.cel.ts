import type { ParameterRow } from '../../../src/policy/parameters.ts';
import { all, any, type Cel, text } from '../admission/cel.ts';
import { fits, fitsAny } from '../api/patterns.cel.ts';
import { mirrored } from '../scheduling/pods.cel.ts';
import { namespace } from '../workloads/workloads.cel.ts';

/** What is matched: the expressions of an object, or of its owner. */
export interface Named {
  readonly kind: Cel;
  readonly name: Cel;
}

/** The object itself. */
const OBJECT: Named = { kind: 'object.kind', name: 'object.metadata.name' };

/** `lib.table.components.matched` */
export function matched(rows: readonly ParameterRow[]): Cel {
  return byNamespace(rows, (own) => {
    const files = own.filter(isStatic);
    return any(named(own.filter(isPlain), OBJECT), mirrors(files), otherKinds(files));
  });
}

/** Whether a row that is not of static pods has the kind, if it says one, and the name. */
export function namedBy(rows: readonly ParameterRow[], object: Named): Cel {
  return byNamespace(rows.filter(isPlain), (own) => named(own, object));
}

function isStatic(row: ParameterRow): boolean {
  return row.static === true;
}

function isPlain(row: ParameterRow): boolean {
  return row.static !== true;
}

function byNamespace(
  rows: readonly ParameterRow[],
  condition: (own: readonly ParameterRow[]) => Cel,
): Cel {
  const found = new Map<string, ParameterRow[]>();
  for (const row of rows) {
    const own = found.get(row.match.namespace);
    if (own === undefined) found.set(row.match.namespace, [row]);
    else own.push(row);
  }
  return any(...[...found].map(([where, own]) => all(fits(where, namespace), condition(own))));
}

/** `lib.table.components._fitting_rows`, within the namespace of the rows: by the name, and the kind if a row has one. */
function named(rows: readonly ParameterRow[], { kind, name }: Named): Cel {
  const kinds = [...new Set(rows.map(({ match }) => match.kind))];
  return any(
    ...kinds.map((one) => {
      const own = rows.filter(({ match }) => match.kind === one);
      return all(
        one === undefined ? 'true' : `${kind} == ${text(one)}`,
        fitsAny(
          own.map(({ match }) => match.name),
          name,
        ),
      );
    }),
  );
}

// A row of static pods is for the mirrors that kubelets make of them.
function mirrors(rows: readonly ParameterRow[]): Cel {
  return all(named(rows, OBJECT), mirrored);
}

// Another kind belongs to it by the name of the file.
function otherKinds(rows: readonly ParameterRow[]): Cel {
  const bare = rows.map((row) => ({
    ...row,
    match: { ...row.match, name: row.match.name.replaceAll('*', '') },
  }));
  return all("object.kind != 'Pod'", named(bare, OBJECT));
}

/** Whether a row matches the object. */
export function matches(row: ParameterRow): Cel {
  return matched([row]);
}

/** `lib.table.components._rank`: of several rows that match, those with the least count. */
export function rank({ match }: ParameterRow): number {
  return 2 * Number(match.name.includes('*')) + Number(match.namespace.includes('*'));
}
