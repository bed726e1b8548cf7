// Plays kubectl: prints the answers in the directory that KUBECTL_SCENE names, and notes in KUBECTL_LOG how it was called.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const { KUBECTL_SCENE, KUBECTL_LOG } = process.env;
const argv = process.argv.slice(2);
if (KUBECTL_LOG !== undefined) appendFileSync(KUBECTL_LOG, `${argv.join(' ')}\n`);
const file = join(KUBECTL_SCENE, encodeURIComponent(argv.slice(0, 2).join(' ')));
const answer = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { stderr: `error: the scene has no answer to ${argv.join(' ')}\n`, status: 1 };
const { stdout = '', items, copies = 1, cut, wait = 0, stderr = '', lines = 1, status = 0 } = answer;

await new Promise((resolve) => setTimeout(resolve, wait));
for (let line = 0; line < lines; line += 1) process.stderr.write(stderr.replaceAll('%d', line));
const text = items === undefined ? stdout : [...list()].join('');
process.stdout.write(cut === undefined ? text : text.slice(0, -cut));
process.exitCode = status;

/** A list as kubectl prints it; each item as often as there are copies, with other names. */
function* list() {
  yield '{\n    "apiVersion": "v1",\n    "items": [';
  let separator = '\n';
  for (let copy = 0; copy < copies; copy += 1) {
    for (const item of items) {
      const text = JSON.stringify(item, null, 4);
      yield separator + (copies === 1 ? text : text.replaceAll('%d', copy));
      separator = ',\n';
    }
  }
  yield '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
}
