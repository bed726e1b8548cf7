import type { Component } from '../profile/profile.ts';
import type { CheckedColumn } from './policy.ts';

/** The fields of a row that fill a column: one of them, where there are two. */
export function fieldsOf(column: CheckedColumn): readonly (keyof Component & string)[] {
  if (column === 'type') return ['type', 'kinds'];
  return column === 'replicas' ? ['replicas', 'minReplicas'] : [column];
}

/** Whether a row says something in a column. */
export function isFilled(row: Partial<Component>, column: CheckedColumn): boolean {
  return fieldsOf(column).some((field) => row[field] !== undefined);
}
