import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/tools.ts';
import { table } from './measure.ts';
import { committedOf, NAMES, type Name, resultOf } from './results.ts';

// The page of the benchmarks, bench/README.md, from what each measured last; and what has become slower.

/** A ratio that is this much worse than the committed one is reported. Less is noise. */
const WORSE = 1.2;

const HEAD = `# Benchmarks

\`make bench\` measures everything on this page, each beside its peers in the same run, and writes the page. It prints each
ratio that is more than a fifth worse than the committed one; nothing here is a test. Ratios carry over between machines,
milliseconds do not.

A part of it: \`make build\`, then \`npx tsx bench/check.ts\`, and \`npx tsx bench/page.ts\` for the page. \`BENCH_SIZES=1000
BENCH_RUNS=3\` is a quick look. A peer that would take over half a minute at a size is left out there. The time of a
whole process is the median of five; the other parts say what they count.`;

writeFileSync(
  join(ROOT, 'bench', 'README.md'),
  `${[HEAD, summary(), ...NAMES.map(section)].join('\n\n')}\n`,
);
for (const line of NAMES.flatMap(worse)) process.stdout.write(`${line}\n`);

function summary(): string {
  const rows = NAMES.flatMap((name) => {
    const { question, peers, ratios } = resultOf(name);
    return Object.entries(ratios).map(([label, ratio], index) => [
      index === 0 ? `[${question}](#${name})` : '',
      index === 0 ? `\`bench/${name}.ts\`` : '',
      index === 0 ? peers : '',
      label,
      ratio.toFixed(2),
    ]);
  });
  return table(['question', 'command', 'beside', 'ratio (less is better)', ''], rows);
}

function section(name: Name): string {
  const { question, machine, parts } = resultOf(name);
  return [`<a name="${name}"></a>\n\n## ${question}`, machine, ...parts].join('\n\n');
}

function worse(name: Name): readonly string[] {
  const before = committedOf(name)?.ratios ?? {};
  return Object.entries(resultOf(name).ratios).flatMap(([label, ratio]) => {
    const old = before[label];
    if (old === undefined || ratio <= old * WORSE) return [];
    const percent = ((ratio / old - 1) * 100).toFixed(0);
    return [
      `worse by ${percent} %: ${label}: ${ratio.toFixed(2)}, committed ${old.toFixed(2)} (bench/${name}.ts)`,
    ];
  });
}
