import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Waiver } from '../../src/config/waiver.ts';
import type { InputFile } from '../../src/input.ts';
import type { JsonObject, JsonValue } from '../../src/kubernetes/json.ts';
import { ROOT } from './bulkhead.ts';

/** What Kubernetes does with an attempt. */
export type Reality =
  | 'reaches' // a pod is bound to a reserved node, whose kubelet runs it
  | 'turned away' // a pod is bound there, and the kubelet rejects it
  | 'elsewhere' // pods go to other nodes
  | 'pending' // no pod goes anywhere
  | { readonly refused: string } // by the API server or kubectl, with this in the message
  | { readonly unknown: string }; // it needs this, which no cluster of the tests has

/** One step of an attempt in a cluster. */
export type Step =
  | { readonly create: Objects }
  | { readonly apply: Objects }
  | {
      readonly patch: string;
      readonly subresource?: string;
      readonly with?: JsonObject;
      readonly json?: JsonValue;
    }
  | { readonly post: string; readonly object: JsonObject; readonly as?: string }
  | { readonly run: readonly string[] } // by kubectl
  | { readonly wait: number };

/** Objects to send; `objects` stands for the attempt's own. */
export type Objects = readonly (JsonObject | 'objects')[];

/** A request as the API server sends it to an admission webhook. */
export interface Review {
  readonly operation: string;
  readonly subResource?: string;
  readonly userInfo: JsonObject;
  readonly object?: JsonObject;
  readonly oldObject?: JsonObject;
}

/** One way of getting a pod onto a reserved node unnoticed, as a row of `testdata/red-team` has it. */
export interface Attempt {
  readonly id: string;
  /** What the attacker does, as the end of a sentence about a pod, a file or a request. */
  readonly name: string;
  readonly profile: string;
  /** The objects of the attempt's file; none for raw text. */
  readonly objects: readonly JsonObject[];
  readonly text?: string;
  readonly encoding?: 'utf-16';
  readonly review?: Review;
  /** Nodes of `cluster.yaml`, by name, that are in the input beside the objects. */
  readonly given: readonly string[];
  /** Other objects that the policies know in a review. */
  readonly inventory: readonly JsonObject[];
  /** Objects of the cluster that Bulkhead does not get. */
  readonly unseen: readonly JsonObject[];
  /** Whether its pod is a static pod. */
  readonly static: boolean;
  readonly live?: readonly Step[];
  /** The exact findings: policy and path. */
  readonly verdict: readonly string[];
  /** The codes of the exact notes, and of the exact errors. */
  readonly notes: readonly string[];
  readonly errors: readonly string[];
  /** Why nothing is reported. */
  readonly limit?: string;
  readonly reality: Reality;
  /** Those that are in force. */
  readonly waivers: readonly Waiver[];
}

/** Attempts of one kind. */
export interface Theme {
  readonly file: string;
  readonly theme: string;
  readonly attempts: readonly Attempt[];
  /** Those that are in force in each attempt. */
  readonly waivers: readonly Waiver[];
}

/** The nodes on which attempts are made. */
export interface RedTeamCluster {
  /** Reserved nodes, by the profile that knows their role. */
  readonly reserved: Readonly<Record<string, readonly JsonObject[]>>;
  readonly workers: readonly JsonObject[];
}

const DIRECTORY = join(ROOT, 'testdata', 'red-team');

const THEMES = [
  'tolerations',
  'node-selection',
  'node-name',
  'schedulers',
  'runtime-classes',
  'daemon-sets',
  'hidden-templates',
  'identity',
  'static-pods',
  'nodes',
  'files',
  'admission',
  'waivers',
] as const;

/** Every attempt, by theme. */
export function readThemes(): readonly Theme[] {
  return THEMES.map((file) => {
    const { theme, attempts, waivers: rules = [] } = read(file) as ThemeRows;
    const waivers = rules.map(waiverOf);
    return { file, theme, waivers, attempts: attempts.map((row) => attemptOf(row, waivers)) };
  });
}

/** The nodes of `cluster.yaml`. */
export function readCluster(): RedTeamCluster {
  return read('cluster') as RedTeamCluster;
}

/** The input of Bulkhead for an attempt with files. */
export function filesOf(attempt: Attempt): readonly InputFile[] {
  const { reserved, workers } = readCluster();
  const nodes = [...Object.values(reserved).flat(), ...workers].filter((node) =>
    attempt.given.includes(nameOf(node)),
  );
  const own = { name: 'attempt.yaml', bytes: bytesOf(attempt) };
  return nodes.length === 0 ? [own] : [own, { name: 'nodes.yaml', bytes: listOf(nodes) }];
}

/** The bytes of an attempt's file. */
export function bytesOf({ text, encoding, objects }: Attempt): Uint8Array {
  if (text === undefined) return listOf(objects);
  return encoding === 'utf-16'
    ? Buffer.from(`\uFEFF${text}`, 'utf16le')
    : new TextEncoder().encode(text);
}

/** The name of an object, or the start of its generated name; empty without either. */
export function nameOf({ metadata }: JsonObject): string {
  const { name, generateName } = (metadata ?? {}) as JsonObject;
  return String(name ?? generateName ?? '');
}

type Row = Partial<Omit<Attempt, 'id' | 'name' | 'reality' | 'waivers'>> &
  Pick<Attempt, 'id' | 'name' | 'reality'> & {
    /** Instead of objects: the spec of the only pod, and the kind that creates it. */
    readonly pod?: JsonObject;
    readonly as?: string;
  };

interface ThemeRows {
  readonly theme: string;
  readonly attempts: readonly Row[];
  readonly waivers?: readonly Pick<Waiver, 'policies' | 'match' | 'path'>[];
}

function waiverOf(rule: Pick<Waiver, 'policies' | 'match' | 'path'>): Waiver {
  const place = { file: 'bulkhead.yaml', line: 1, column: 1 };
  return { ...rule, reason: 'It is accepted here.', owner: 'team-red', expires: 'never', place };
}

function attemptOf({ pod, as = 'Pod', ...row }: Row, waivers: readonly Waiver[]): Attempt {
  const objects = pod === undefined ? [] : [workload(as, pod)];
  return {
    profile: 'kubeadm',
    objects,
    given: [],
    inventory: [],
    unseen: [],
    static: false,
    verdict: [],
    notes: [],
    errors: [],
    waivers,
    ...row,
  };
}

function workload(kind: string, pod: JsonObject): JsonObject {
  const spec = { ...pod, containers: [{ name: 'main', image: 'registry.example/main' }] };
  const metadata = { name: 'web' };
  if (kind === 'Pod') return { apiVersion: 'v1', kind, metadata, spec };
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec };
  if (kind === 'Job') return { apiVersion: 'batch/v1', kind, metadata, spec: { template } };
  if (kind === 'CronJob') {
    const jobTemplate = { spec: { template } };
    return { apiVersion: 'batch/v1', kind, metadata, spec: { schedule: '* * * * *', jobTemplate } };
  }
  const selector = { matchLabels: labels };
  return { apiVersion: 'apps/v1', kind, metadata, spec: { selector, template } };
}

function listOf(items: readonly JsonObject[]): Uint8Array {
  return new TextEncoder().encode(items.map((item) => JSON.stringify(item)).join('\n---\n'));
}

function read(name: string): unknown {
  return load(readFileSync(join(DIRECTORY, `${name}.yaml`), 'utf8'));
}
