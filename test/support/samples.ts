import type { Picture } from '../../src/formats/html/picture.ts';
import type { Finding, InputError, Note, Report, Summary } from '../../src/report/report.ts';
import type { Simulation } from '../../src/simulation/simulation.ts';

// Complete documents, for tests that use a part of them.

export const FINDING: Finding = {
  policy: 'off-role-placement',
  severity: 'error',
  message: 'it is wrong',
  component: null,
  object: { apiVersion: 'v1', kind: 'Pod', namespace: null, name: 'p' },
  file: 'a.yaml',
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
  path: [],
  remediation: 'Fix all of them.',
  fix: { title: 'Fix it.', safe: false, edits: [] },
  related: [],
  fingerprint: '0123456789abcdef0123456789abcdef',
  ordinal: 1,
  key: 'Pod p',
  environment: null,
  status: 'open',
  waiver: null,
  docs: 'policies/off-role-placement/README.md',
};

export const INPUT_ERROR: InputError = {
  code: 'MANIFEST_SYNTAX',
  message: 'this is not YAML',
  file: 'a.yaml',
  line: 1,
  column: 3,
  endLine: null,
  endColumn: null,
};

export const NOTE: Note = { ...INPUT_ERROR, code: 'DUPLICATE_KEY', message: 'a is given twice' };

export const SUMMARY: Summary = {
  files: 1,
  documents: 1,
  emptyDocuments: 0,
  otherDocuments: 0,
  unreadableDocuments: 0,
  objects: 1,
  checked: 1,
  findings: 0,
  open: 0,
  waived: 0,
  baselined: 0,
  inputErrors: 0,
  notes: 0,
};

const HEADER = {
  version: 2,
  tool: { name: 'bulkhead', version: '1.2.3' },
  profile: 'sample',
  environment: null,
  environments: [],
  scope: 'part',
  policies: { off: [], severity: {} },
  inputs: [],
  read: [],
  excluded: [],
  otherDocuments: [],
} as const;

export const REPORT: Report = {
  ...HEADER,
  findings: [],
  inputErrors: [],
  notes: [],
  components: [],
  checked: [],
  waivers: [],
  baseline: null,
  summary: SUMMARY,
};

export const SIMULATION: Simulation = {
  ...HEADER,
  scope: 'cluster',
  nodes: [],
  drains: [],
  updates: [],
  stopped: [],
  missing: [],
  workloads: [],
  inputErrors: [],
  notes: [],
};

export const PICTURE: Picture = {
  report: REPORT,
  clusters: [
    {
      reach: { environment: null, roles: [], nodes: [], workloads: [], unanswered: [] },
      reservedRoles: [],
      simulation: SIMULATION,
      notSimulated: null,
    },
  ],
  table: null,
};
