import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { sarifMultitool } from '../../scripts/tools.ts';

/** What Microsoft's validator says about a file. */
export interface Complaint {
  readonly rule: string;
  readonly level: string;
  readonly message: string;
}

/** The rules of SARIF itself and of GitHub's code scanning. */
const RULES = 'Sarif;Ghas';

/** One rule fetches every URI: tests have no network. */
const OFFLINE = `<?xml version="1.0" encoding="utf-8"?>
<Properties>
  <Properties Key="SARIF2006.UrisShouldBeReachable.Options">
    <Property Key="RuleEnabled" Value="Disabled" Type="Microsoft.CodeAnalysis.Sarif.Driver.RuleEnabledState" />
  </Properties>
</Properties>
`;

interface Log {
  readonly runs: readonly {
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications?: readonly { readonly level?: string }[];
    }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly level?: string;
      readonly message: { readonly id?: string; readonly arguments?: readonly string[] };
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
    }[];
  }[];
}

/**
 * Returns the errors and warnings about each of several texts, by their names, in one run of the validator. Its exit
 * status says nothing about them.
 */
export function complaintsAbout(
  texts: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly Complaint[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-sarif-'));
  try {
    const config = join(directory, 'offline.xml');
    const output = join(directory, 'output.json');
    writeFileSync(config, OFFLINE);
    const files = Object.entries(texts).map(([name, text]) => {
      const file = join(directory, `${name}.sarif`);
      writeFileSync(file, text);
      return file;
    });
    const levels = ['--level', 'Error;Warning'];
    const argv = ['--rule-kind', RULES, ...levels, '--config', config, '-o', output];
    execFileSync(sarifMultitool(), ['validate', ...files, ...argv], {
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return byFile(Object.keys(texts), JSON.parse(readFileSync(output, 'utf8')));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function byFile(
  names: readonly string[],
  { runs }: Log,
): ReadonlyMap<string, readonly Complaint[]> {
  if (runs.length !== 1 || runs[0]?.invocations[0]?.executionSuccessful !== true) {
    throw new Error('the validator did not run to its end');
  }
  const found = new Map<string, Complaint[]>(names.map((name) => [name, []]));
  for (const { ruleId, level = 'warning', message, locations } of runs[0].results) {
    const uri = locations[0]?.physicalLocation.artifactLocation.uri ?? '';
    const complaint = { rule: ruleId, level, message: (message.arguments ?? []).join(' ') };
    const name = basename(uri, '.sarif');
    const known = found.get(name);
    if (known === undefined) throw new Error(`a complaint about no file: ${uri}`);
    known.push(complaint);
  }
  return found;
}
