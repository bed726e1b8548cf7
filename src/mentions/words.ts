import type { JsonValue } from '../kubernetes/json.ts';
import { isMap } from '../kubernetes/objects.ts';
import type { Resource } from '../kubernetes/resources.ts';
import type { Profile } from '../profile/profile.ts';
import type { Mentioned } from '../report/mention.ts';
import { readings, unescaped } from './texts.ts';

/** Finds words that place pods, or reserve and open nodes, in any spelling. */
export interface Words {
  /** The key, if it is such a word and says something: an empty value leaves everything as it is. */
  readonly inEntry: (key: string, value: JsonValue, isPatch: boolean) => string | undefined;
  /** The object in a text, or the first such word, as it is after unescaping; `key` is where the text is. */
  readonly inText: (text: string, key: string, isPatch: boolean) => Mentioned | undefined;
  /** The object or the word in a command line of a tool that creates and changes objects. */
  readonly inCommand: (line: string) => Mentioned | undefined;
  /** The same in a file of a ConfigMap, which is configuration of any program: only what is hardly anything else. */
  readonly inFile: (text: string, name: string) => Mentioned | undefined;
}

/** kubectl taint, oc adm taint, as words or in a list of texts. Only nodes have taints: what follows does not matter. */
const TAINTS =
  '\\b(?:kubectl|KUBECTL|oc)\\b[\\w.-]{0,40}(?:[ \\t"\',}\\\\]|(?<=[\\\\,])\\r?\\n){1,20}(?:adm[\\s"\',]{1,20})?(?:(?=[-$])[^\\n;|&]{0,120}?[\\s"\'])?taint(?![\\w-])';

/** Another command line of kubectl or oc that changes labels or the rest of nodes. */
const OF_NODES =
  '\\b(?:kubectl|oc)\\b[^\\n;|&]{0,120}?\\s(?:label|patch|edit)\\s+(?:-\\S+\\s+(?:[^\\s-]\\S*\\s+)??){0,3}(?:nodes?|no)(?=[\\s/])';

const COMMAND = `${TAINTS}|${OF_NODES}`;

const EXCEPT_ENGLISH = '(?<!cer|moun|foun)';

/** What about pods and nodes decides where pods run. Compared without case: the spellings are legion. */
const ANYWHERE = [
  'toleration',
  'tolerat(?:es?|ing)[-_ ]?(?:all|any|every|control|master|node)',
  `${EXCEPT_ENGLISH}taint`,
  'No(?:Schedule|Execute)',
  'node[-_. ]?(?:selector|affinity|readiness[-_. ]?label)',
  'node-role\\.kubernetes\\.io',
  // What opens control plane nodes: OpenShift's Scheduler, Talos; the phases of kubeadm that set the taint.
  '(?:masters?|control[-_ ]?planes?)[-_ ]?(?:nodes?[-_ ]?)?schedulable',
  'schedul(?:e|able|ing)[-_ ]?(?:pods[-_ ]?)?on[-_ ]?(?:masters?|control)',
  'mark-control-plane',
  'control-plane-join',
  'spec[./]schedulerName',
];

/** A switch that sends pods there, such as runOnMasters. */
const ON_MASTERS = /(?:On|on[-_])(?:[Mm]aster|[Cc]ontrol[-_]?[Pp]lane)/;

/** As the end of a path, or taken away; else it is about other pods more often than about nodes. */
const AFFINITY =
  '[/.(]affinity(?!\\w|[/.]pod)|\\baffinity["\']?[ \\t]*:[ \\t]*(?:null\\b|~|\\{?[ \\t]*["\']?\\$patch)';

/** A node's name is a placement as a field only: an environment variable of that name is what a program reads. */
const NODE_NAME_KEY =
  /(?:^|[^A-Za-z]|[a-z](?=N))[Nn]ode[-_ ]?[Nn]ames?(?![-_ ]?(?:label|prefix|suffix|template|format|pattern|strategy|convention))/;
const NODE_NAME_TEXT = new RegExp(
  [
    // A key of YAML, JSON or --set; not `nodeName="x"` and `=~` of a query.
    '(?:^|["\'\\s{,/.[]|[a-z](?=N))[Nn]ode[-_]?[Nn]ame["\']?[ \\t]*(?::|=(?![~"$\\\\]))',
    'spec["\']?[/.[]["\']?node[-_]?[Nn]ame',
    // The path and nothing else, as the name of a parameter.
    '^(?:[ \\t]*\\?[ \\t]+)?[\\w.\\-/\\[\\]()+]*[Nn]ode[-_]?[Nn]ame$',
  ].join('|'),
  'm',
);

/** Another scheduler may place pods by other rules. */
const SCHEDULER = /scheduler[-_ ]?name$/i;

/** The same for what is prose, or a query: only where the word is a key. */
const AS_KEY =
  /(?:tolerations?|taints?|node-?_?name|node-?_?selector|node-?_?affinity)["']?[ \t]*(?:[:[]|=(?![~"$\\]))/i;
const PROSE =
  /(?:^|[/.])(?:description|summary|message|title|displayName|documentation|expr|query|legendFormat)$/i;

/** What has such a word and places nothing. */
const NOISE = new RegExp(
  [
    '^[ \\t]*#.*$', // a comment
    'https?://[\\w.-]+/[\\w./#-]*',
    '\\b__meta_\\w+',
    '\\bkube_(?:node|pod)_\\w+', // metrics of kube-state-metrics
    '\\bnode(?:Taints|Affinity)Policy\\b', // of a topology spread constraint
    '\\bfieldPath["\']?[ \\t]*:[ \\t]*["\']?spec\\.nodeName', // the downward API
  ].join('|'),
  'gm',
);

/** A field of pods that is set to nothing, as the values of most charts have it. */
const EMPTY =
  /(?<![\w./-])[\w.-]*(?:tolerations?|node[-_]?(?:selector|affinity|name))\\*["']?[ \t]*:[ \t]*(?:\{\s*\}|\[\s*\]|\\*"\\*"|''|null|~)(?=[ \t]*(?:$|[,}#\r\\]))/gim;

/** What takes a field away from an object: there, nothing is a wish as well. */
const TAKES_AWAY = /\$patch\b|\bpatch\s/;

/** The text without the settings that leave everything as it is. */
function withoutEmpty(text: string): string {
  return TAKES_AWAY.test(text) ? text : text.replaceAll(EMPTY, '');
}

/** Fields that have such a word, and how to read them, not what to place. */
const QUIET_KEY = /^(?:node(?:Taints|Affinity)Policy|__meta_\w+|kube_(?:node|pod)_\w+)$/;

/** Returns the words, with the keys of the profile's roles and the kinds that policies check. */
export function createWords(
  { nodeRoles, schedulers }: Pick<Profile, 'nodeRoles' | 'schedulers'>,
  kinds: readonly Resource[],
): Words {
  const marks = marksOf(nodeRoles);
  const keys = new Set(marks.map(({ key }) => key).filter((key) => key.includes('/')));
  const qualified = [...keys].map(qualifiedPattern);
  const bare = marks.filter(({ key }) => !key.includes('/'));
  const patterns = {
    key: new RegExp([...ANYWHERE, ...qualified].join('|'), 'i'),
    role: new RegExp(['node-role\\.kubernetes\\.io', ...qualified].join('|')),
    text: new RegExp(
      [...ANYWHERE, AFFINITY, ...qualified, ...bare.map(barePattern), COMMAND].join('|'),
      'i',
    ),
    schedulers: new Set(['default-scheduler', ...schedulers]),
    bare,
    bareKeys: new Set(bare.map(({ key }) => key)),
    object: objectPattern(kinds),
    part: objectPattern(kinds.filter(({ kind }) => NEVER_PATCHES.has(kind))),
  };
  return {
    inEntry: (key, value, isPatch) => (isWord(patterns, key, value, isPatch) ? key : undefined),
    inText: (text, key, isPatch) => mentionedIn(patterns, text, key, isPatch),
    inCommand: (line) => (TOOL.test(line) ? inCommandLine(patterns, line) : undefined),
    inFile: (text, name) => mentionedInFile(patterns, text, name),
  };
}

interface Patterns {
  /** Schedulers that respect taints. */
  readonly schedulers: ReadonlySet<string>;
  readonly key: RegExp;
  readonly role: RegExp;
  readonly text: RegExp;
  /** The roles' keys that have no prefix, with their values: alone, they are words of many texts. */
  readonly bare: readonly Mark[];
  readonly bareKeys: ReadonlySet<string>;
  /** An object in a text; one that counts in a patch too. */
  readonly object: RegExp;
  readonly part: RegExp;
}

/** A label or taint by which nodes of a role are known; without a value where any counts. */
interface Mark {
  readonly key: string;
  readonly value?: string;
}

function marksOf(nodeRoles: Profile['nodeRoles']): readonly Mark[] {
  return nodeRoles.flatMap(({ labels, taints, alternativeTaints = [] }) => [
    ...labels,
    ...taints,
    ...alternativeTaints.flat(),
  ]);
}

function isValue(mark: Mark, value: string): boolean {
  return mark.value === undefined || mark.value === value;
}

function isWord(patterns: Patterns, key: string, value: JsonValue, isPatch: boolean): boolean {
  if (typeof value === 'string' && isWordWith(patterns, key, value)) return true;
  if (SCHEDULER.test(key)) return !(isEmpty(value) || patterns.schedulers.has(String(value)));
  // What a patch takes away: the pods may have been kept off by it.
  if (isPatch && /affinity|nodeselector/i.test(key) && isDeletion(value)) return true;
  return hasWord(patterns, key) && (patterns.role.test(key) || isSaid(key, value));
}

function hasWord({ key: words }: Patterns, key: string): boolean {
  if (QUIET_KEY.test(key)) return false;
  return words.test(unescaped(key)) || ON_MASTERS.test(key) || NODE_NAME_KEY.test(key);
}

/** Whether a key is such a word because of its value. */
function isWordWith({ bare, bareKeys }: Patterns, key: string, value: string): boolean {
  if (PATCH_OF_PODS.test(key) && DYNAMIC.test(value)) return true;
  if (key === 'key' && bareKeys.has(value)) return true;
  return bareKeys.has(key) && bare.some((mark) => mark.key === key && isValue(mark, value));
}

function mentionedIn(
  patterns: Patterns,
  text: string,
  key: string,
  isPatch: boolean,
): Mentioned | undefined {
  if (key === 'fieldPath' && text === 'spec.nodeName') return undefined;
  if (GZIP.test(text)) return { code: 'OBJECT_EMBEDDED', what: 'compressed file' };
  for (const reading of readings(text)) {
    const kind = objectIn(reading, isPatch ? patterns.part : patterns.object);
    if (kind !== undefined) return { code: 'OBJECT_EMBEDDED', what: kind };
    const word = wordIn(isPatch ? reading : withoutEmpty(reading), key, patterns.text);
    if (word !== undefined) return { code: 'PLACEMENT_MENTIONED', what: word };
  }
  return undefined;
}

const TOOL = /\b(?:kubectl|KUBECTL|oc|helm)\b/;
const CHANGES = new RegExp(COMMAND);

function inCommandLine(patterns: Patterns, line: string): Mentioned | undefined {
  const command = CHANGES.exec(line);
  if (command !== null)
    return { code: 'NODE_COMMAND', what: command[0].replaceAll(/\\?\s+/g, ' ') };
  return fieldIn(patterns, line);
}

function mentionedInFile(patterns: Patterns, text: string, name: string): Mentioned | undefined {
  if (REGO.test(text)) return undefined;
  if (FILE_OF_PODS.test(name) && !isEmpty(text)) return { code: 'PLACEMENT_MENTIONED', what: name };
  return fieldIn(patterns, text);
}

/** An object in a text of any kind, or a field of pods with its value: a program can also only read one. */
function fieldIn({ object }: Patterns, text: string): Mentioned | undefined {
  const kind = objectIn(text, object);
  if (kind !== undefined) return { code: 'OBJECT_EMBEDDED', what: kind };
  const said = withoutEmpty(text);
  const word = FIELD_OF_PODS.test(said) ? FIELD_OF_PODS.exec(said.replaceAll(NOISE, '')) : null;
  return word === null ? undefined : { code: 'PLACEMENT_MENTIONED', what: word[1] ?? word[0] };
}

/** A policy of Open Policy Agent, which forbids. */
const REGO = /^package[ \t]+[\w.]+[ \t]*$/m;
const FILE_OF_PODS = /toleration|node[-_]?(?:selector|affinity)/i;
const FIELD_OF_PODS =
  /(?:^|[\s{,"'])([\w.-]*tolerations?|node-?_?selector|node-?_?affinity|registerWithTaints|taints)(?:["']?[ \t]*[:=]|\[\d)/im;

/** What base64 of gzip starts with: a chart, or files of a machine. */
const GZIP = /^\s*H4sI[A-Za-z0-9+/]{16}/;

/** The kind of an object that a text is or contains. */
function objectIn(text: string, object: RegExp): string | undefined {
  const isObject = text.includes('apiVersion') && text.includes('metadata');
  return isObject ? object.exec(text)?.[1] : undefined;
}

function wordIn(text: string, key: string, pattern: RegExp): string | undefined {
  if (!(pattern.test(text) || NODE_NAME_TEXT.test(text))) return undefined;
  const rest = text.replaceAll(NOISE, '');
  const word = PROSE.test(key)
    ? AS_KEY.exec(rest)
    : (pattern.exec(rest) ?? NODE_NAME_TEXT.exec(rest));
  return word === null ? undefined : around(rest, word);
}

/** A patch of pods that is put together of parameters, so that no one sees the fields it has. */
const PATCH_OF_PODS = /pod[-_]?(?:spec|template)?[-_]?patch/i;
const DYNAMIC = /\{\{[^{}]*\}\}[^"'{},:\n]*["']?\s*:|:\s*\{\{|^\s*\{\{|\{\{=/;

/** Kinds that are hardly ever patched: of them, a part is reported as the whole. */
export const NEVER_PATCHES: ReadonlySet<string> = new Set([
  'Node',
  'Binding',
  'PodDisruptionBudget',
]);

/** An object of Kubernetes' own kinds, as text. */
function objectPattern(kinds: readonly Resource[]): RegExp {
  const own = kinds.filter(({ groups }) => groups.some((group) => !group.includes('.')));
  const names = own.map(({ kind }) => kind).join('|');
  return new RegExp(`(?:^|[\\s{,"'])kind["']?[ \\t]*:[ \\t]*["']?(${names})(?![\\w.-])`, 'm');
}

function isDeletion(value: JsonValue): boolean {
  return value === null || (isMap(value) && Object.hasOwn(value, '$patch'));
}

/** Whether the value of such a key says something. */
function isSaid(key: string, value: JsonValue): boolean {
  if (!isEmpty(value)) return true;
  // No taints at all: kubeadm, Cluster API and Karpenter would have set one.
  const isTaint = /taint/i.test(key) && !/toleration/i.test(key);
  return isTaint && (value === false || Array.isArray(value));
}

function isEmpty(value: JsonValue): boolean {
  if (value === null || value === false) return true;
  if (typeof value === 'string') return /^\s*(?:\[\s*\]|\{\s*\}|null|false|~)?\s*$/.test(value);
  if (Array.isArray(value)) return value.every(isEmpty);
  return isMap(value) && Object.values(value).every((item) => isMap(item) && isEmpty(item));
}

/** The key of a label or taint with a prefix, wherever it is, `-` for its removal included. */
function qualifiedPattern(key: string): string {
  return `(?<![A-Za-z0-9-])${escaped(key)}(?![\\w./]|-\\w)`;
}

/** One without a prefix, such as `role`, with its value, or with any if it is not said. */
function barePattern({ key, value }: Mark): string {
  const suffix = value === undefined ? '' : `["']?${escaped(value)}(?![\\w-])`;
  return `(?<![\\w./-])${escaped(key)}["']?[ \\t]*[=:][ \\t]*${suffix}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

const LENGTH = 60;

/** The word with what belongs to it, such as the path that it is in. */
function around(text: string, { index, 0: word }: RegExpExecArray): string {
  const end = index + word.length;
  const before = /[\w./[\]()+-]*$/.exec(text.slice(Math.max(0, index - LENGTH), index))?.[0] ?? '';
  const after = /^[\w./[\]()+-]*/.exec(text.slice(end, end + LENGTH))?.[0] ?? '';
  return `${before}${word}${after}`
    .replace(/^[\s"'{,?]+/, '')
    .replace(/["'\s:=]+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .slice(0, LENGTH);
}
