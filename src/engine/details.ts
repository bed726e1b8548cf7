import { EngineError, type Path } from '../errors.ts';
import type { JsonValue } from '../kubernetes/json.ts';
import type { Edit, Fix, RelatedObject } from '../report/report.ts';
import { field, list } from './answer.ts';

/** Reads what a violation says about its fix. */
export function readFix(details: unknown): Fix {
  const fix = field(details, 'fix');
  return {
    title: String(field(fix, 'title')),
    safe: field(fix, 'safe') === true,
    edits: list(field(fix, 'edits')).map(readEdit),
  };
}

/** Reads the other objects that take part in a violation. */
export function readRelated(details: unknown): readonly RelatedObject[] {
  return list(field(details, 'related')).map((related) => ({
    apiVersion: String(field(related, 'apiVersion')),
    kind: String(field(related, 'kind')),
    namespace: textOrNull(field(related, 'namespace')),
    name: textOrNull(field(related, 'name')),
    path: readPath(field(related, 'path')),
    says: String(field(related, 'says')),
  }));
}

/** Reads a path into an object. */
export function readPath(path: unknown): Path {
  return list(path).map((step) => (typeof step === 'number' ? step : String(step)));
}

function readEdit(edit: unknown): Edit {
  const op = field(edit, 'op');
  const path = readPath(field(edit, 'path'));
  if (op === 'remove') return { op, path };
  if (op !== 'set' && op !== 'add') throw new EngineError(`no edit is called ${String(op)}`);
  // It comes from JSON, so that it is a value of JSON.
  const value: JsonValue = JSON.parse(JSON.stringify(field(edit, 'value')));
  return { op, path, value };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
