import type { Path, Place, UserError } from '../errors.ts';
import { reference } from '../kubernetes/objects.ts';
import { groupOf, RESOURCES, type Resource } from '../kubernetes/resources.ts';
import { commandsDocument, patchedDocument } from './composed.ts';
import { createLocator, type Locator } from './locate.ts';
import { classify, type ManifestObject } from './objects.ts';
import { type Manifest, type ManifestDocument, type ManifestWarning, readText } from './read.ts';
import { isPatch } from './registration/json-patch.ts';
import type { Part } from './registration/part.ts';
import { mayHaveParts, partsOf } from './registration/parts.ts';

/** What an object has in it that registers nodes. */
export interface Embedded {
  readonly objects: readonly ManifestObject[];
  /** Where the object has it: what was read, and what is reported as not read. */
  readonly parts: readonly Path[];
  readonly unread: readonly Unread[];
  readonly warnings: readonly ManifestWarning[];
}

/** A part that may register nodes, and why it was not read. */
export interface Unread {
  readonly message: string;
  readonly place: Place;
}

/** What reading the parts of the objects of a document has in common. */
export interface Scope {
  /** How much more is read: aliases and compression can make much of a little. */
  characters: number;
  readonly locate: Locator;
}

/** Starts with a document: with more characters left than any configuration of a machine has. */
export function embeddedScope(): Scope {
  return { characters: 4 * 1024 * 1024, locate: createLocator() };
}

/** Whether there may be something in an object that registers nodes: most have nothing, and cost nothing. */
export function mayEmbed({ value, document }: ManifestObject): boolean {
  return document.origin !== undefined || mayHaveParts(value);
}

/** How often a part can be in a part. */
const MOST_DEEP = 5;

/** Reads the parts of an object by which nodes register, such as a systemd unit in a MachineConfig. */
export function embeddedIn(object: ManifestObject, scope: Scope, depth = 0): Embedded {
  const parts = partsOf(object.value);
  const found: Found = { objects: [], parts: [], unread: [], warnings: [] };
  found.unread.push(...unknownIn(object, scope));
  for (const part of parts) {
    const reason = depth < MOST_DEEP ? spend(scope, part) : 'it is nested too deep';
    if (reason !== undefined) unreadable({ object, part, found, scope }, reason);
    else readPart({ object, part, found, scope }, depth);
  }
  return found;
}

/** The operations of a patch that was taken for an object, as far as their result is not known. */
function unknownIn({ document: { origin } }: ManifestObject, { locate }: Scope): readonly Unread[] {
  if (origin?.composed === undefined) return [];
  const { host, composed } = origin;
  return composed.unknown.map((path) => ({
    message:
      'the result of this operation depends on what is patched: how it changes the registration of nodes was not checked. Check the configuration that comes of it',
    place: locate(host, path),
  }));
}

interface Found {
  readonly objects: ManifestObject[];
  readonly parts: Path[];
  readonly unread: Unread[];
  readonly warnings: ManifestWarning[];
}

/** A part that is being read. */
interface Reading {
  readonly object: ManifestObject;
  readonly part: Part;
  readonly found: Found;
  readonly scope: Scope;
}

/** What a part costs beside its text. */
const OVERHEAD = 100;

function spend(scope: Scope, { content }: Part): string | undefined {
  if ('unreadable' in content) return content.unreadable;
  scope.characters -= OVERHEAD + ('text' in content ? content.text.length : 0);
  return scope.characters < 0 ? 'the document has more in it than is read' : undefined;
}

function unreadable({ object, part, found, scope }: Reading, reason: string, place?: Place): void {
  const { kind, name } = reference(object.value);
  const message = `${[kind, name].filter(Boolean).join(' ')} contains ${part.what ?? part.name}, which was not read: ${reason}. Check the nodes that it registers`;
  const at = place ?? scope.locate(object.document, [...object.path, ...part.path]);
  found.unread.push({ message, place: at });
  found.parts.push(...coveredBy(part));
}

function readPart(reading: Reading, depth: number): void {
  const { part, found, scope } = reading;
  const { documents, errors, others: foreign, warnings } = documentsOf(reading);
  for (const error of [...errors, ...foreign.map(({ error }) => error)]) {
    unreadable(reading, reasonOf(error), error.place);
  }
  const all = documents.flatMap((document) => objectsIn(document, reading));
  const inside = all.map((one) => ({ one, inner: embeddedIn(one, scope, depth + 1) }));
  for (const { one, inner } of inside) {
    if (isRegistration(one)) found.objects.push({ ...one, parts: inner.parts });
    found.objects.push(...inner.objects);
    found.unread.push(...inner.unread);
    found.warnings.push(...inner.warnings);
  }
  const used = inside.filter(({ one, inner }) => isRegistration(one) || inner.parts.length > 0);
  if (used.length === 0) return;
  found.warnings.push(...warnings);
  const others = inside.filter((each) => !used.includes(each));
  if (others.every(({ one }) => isConfiguration(one))) found.parts.push(...coveredBy(part));
}

/** Whether an object is one of those that kubeadm gets beside its own, and that place nothing. */
function isConfiguration({ value }: ManifestObject): boolean {
  return /(?:^kubeadm|\.config)\.k8s\.io$/.test(groupOf(String(value['apiVersion'])));
}

/** A part, and what names it beside it: taints in the name of a file are none. */
function coveredBy({ path }: Part): readonly Path[] {
  const item = path.slice(0, path.findLastIndex((step) => typeof step === 'number') + 1);
  return [path, [...item, 'name'], [...item, 'path']];
}

const NOTHING: Manifest = { documents: [], errors: [], others: [], warnings: [] };

function only(document: ManifestDocument): Manifest {
  return { ...NOTHING, documents: [document] };
}

function documentsOf({ object, part }: Reading): Manifest {
  const { document, path } = object;
  const { content, name } = part;
  const at = [...path, ...part.path];
  if ('operations' in content) {
    return only(patchedDocument(document, at, content.operations));
  }
  if ('commands' in content) return only(commandsDocument(document, at, content.commands));
  if ('unreadable' in content) return NOTHING;
  const { text, isAsWritten } = content;
  return readText(text, { host: document, name, path: at, isAsWritten });
}

function objectsIn(document: ManifestDocument, reading: Reading): readonly ManifestObject[] {
  const { part } = reading;
  const { value } = document;
  if (part.as !== undefined && isPatch(value, /^\//)) {
    return objectsIn(patchedDocument(document, [], value), reading);
  }
  const made = part.as?.(value);
  if (made !== undefined) return [{ document, path: [], value: made }];
  const classified = classify(document);
  if (classified.kind === 'objects') {
    for (const { message, place } of classified.errors) unreadable(reading, message, place);
    return classified.objects;
  }
  if (part.as !== undefined && classified.kind === 'other') {
    unreadable(reading, classified.reason, reading.scope.locate(document, []));
  }
  return [];
}

function reasonOf({ message }: UserError): string {
  return message.replace(/^cannot read this document: /, '');
}

function isRegistration({ value }: ManifestObject): boolean {
  const { apiVersion, kind } = reference(value);
  const resources: readonly Resource[] = RESOURCES.registration;
  return resources.some(
    (resource) => resource.kind === kind && resource.groups.includes(groupOf(apiVersion)),
  );
}
