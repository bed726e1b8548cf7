import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { locate } from '../locate.ts';
import { classify } from '../objects.ts';
import { readManifest } from '../read.ts';

// Units are read as systemd reads them: each word of a command line, and where it is written.

function read(text: string, name = 'etc/kubelet.service') {
  const { documents, errors } = readManifest(name, new TextEncoder().encode(text));
  return { document: documents[0], errors };
}

/** Each word of ExecStart= after its range, the programs left out. */
function words(text: string): readonly string[] {
  const { document, errors } = read(`[Service]\n${text}`);
  assert.deepEqual(errors, []);
  const found = document === undefined ? undefined : classify(document);
  assert.equal(found?.kind, 'objects');
  const [object] = found?.kind === 'objects' ? found.objects : [];
  const commands = object?.value['execStart'];
  assert.ok(document !== undefined && Array.isArray(commands));
  return commands.flatMap((command: readonly string[], line: number) =>
    command.slice(1).map((word, index) => {
      const range = locate(document, ['execStart', line, index + 1]);
      assert.equal(range.endLine, range.line);
      return `${range.line}:${range.column}-${range.endColumn} ${word}`;
    }),
  );
}

function field(text: string, name: string): unknown {
  const value = read(`[Service]\n${text}`).document?.value;
  assert.ok(typeof value === 'object' && value !== null && name in value);
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

describe('the words of a command line', () => {
  for (const [name, text, expected] of [
    [
      'white space separates them',
      'ExecStart=/bin/kubelet --a=1\t--b 2',
      ['2:24-29 --a=1', '2:30-33 --b', '2:34-35 2'],
    ],
    [
      'white space around the equals sign is not part of them',
      '  ExecStart = /bin/kubelet --a',
      ['2:28-31 --a'],
    ],
    [
      'a backslash at the end continues a line',
      'ExecStart=/bin/kubelet \\\n  --a \\\n  --b',
      ['3:3-6 --a', '4:3-6 --b'],
    ],
    ['two of them do not', 'ExecStart=/bin/kubelet --a\\\\\n--b=1', ['2:24-29 --a\\']],
    [
      'a comment between lines is skipped',
      'ExecStart=/bin/kubelet \\\n# --a \\\n  ; --b\n  --c',
      ['5:3-6 --c'],
    ],
    ['an empty line ends it', 'ExecStart=/bin/kubelet \\\n\n--a=1', []],
    ['lines may end in CRLF', 'ExecStart=/bin/kubelet \\\r\n --a\r\nRestart=no\r\n', ['3:2-5 --a']],
    [
      'quotes keep a word together',
      `ExecStart=/bin/kubelet "--a=1 2" '--b="x"'`,
      ['2:24-33 --a=1 2', '2:34-43 --b="x"'],
    ],
    ['quotes may be within a word', 'ExecStart=/bin/kubelet --a="1 2"3', ['2:24-34 --a=1 23']],
    [
      'escapes are those of C',
      'ExecStart=/bin/kubelet --a=\\x41\\102\\s\\u0043\\"\\q',
      ['2:24-48 --a=AB C"\\q'],
    ],
    [
      'a percent sign is written twice',
      'ExecStart=/bin/kubelet --a=%%1 --b=%i',
      ['2:24-31 --a=%1', '2:32-38 --b=%i'],
    ],
    [
      'prefixes of the program are not part of it',
      'ExecStart=-@+/bin/kubelet kubelet --a',
      ['2:27-34 kubelet', '2:35-38 --a'],
    ],
    [
      'a semicolon separates commands',
      'ExecStart=/bin/kubelet --a ; /bin/kubelet --b ";"',
      ['2:24-27 --a', '2:43-46 --b', '2:47-50 ;'],
    ],
    [
      'an empty one resets those before it',
      'ExecStart=/bin/kubelet --a\nExecStart=\nExecStart=/bin/kubelet --b',
      ['4:24-27 --b'],
    ],
    [
      'several commands are read',
      'ExecStart=/bin/kubelet --a\nExecStart=/bin/kubelet --b',
      ['2:24-27 --a', '3:24-27 --b'],
    ],
    [
      'other sections are ignored',
      'ExecStart=/bin/kubelet --a\n[Other]\nExecStart=/bin/kubelet --b',
      ['2:24-27 --a'],
    ],
    [
      'columns are UTF-16 units',
      'ExecStart=/bin/kubelet --a=\u{1f600} --b',
      ['2:24-30 --a=\u{1f600}', '2:31-34 --b'],
    ],
  ] as const) {
    test(name, () => assert.deepEqual(words(text), expected));
  }
});

describe('variables', () => {
  for (const [name, text, expected] of [
    [
      'a variable that is a whole word is split into words, which are where they are written',
      'Environment="A=--a --b=1"\nExecStart=/bin/kubelet $A',
      ['2:16-19 --a', '2:20-25 --b=1'],
    ],
    [
      'quotes in its value keep words together',
      `Environment='A=--a="1 2"'\nExecStart=/bin/kubelet $A`,
      ['2:16-25 --a=1 2'],
    ],
    [
      'one in braces is not split',
      `Environment="A=1 2"\nExecStart=/bin/kubelet --a=\${A} \${A}`,
      ['3:24-32 --a=1 2', '3:33-37 1 2'],
    ],
    [
      'without braces, one within a word is not replaced',
      'Environment=A=1\nExecStart=/bin/kubelet --a=$A',
      ['3:24-30 --a=$A'],
    ],
    [
      'an unknown one is kept',
      `ExecStart=/bin/kubelet $A --a=\${B}`,
      ['2:24-26 $A', `2:27-35 --a=\${B}`],
    ],
    [
      'the last value counts, before or after the command',
      'ExecStart=/bin/kubelet $A\nEnvironment=A=1 B=2\nEnvironment=A=3',
      ['4:15-16 3'],
    ],
    [
      'an empty setting resets those before it',
      'Environment=A=1\nEnvironment=\nExecStart=/bin/kubelet $A',
      ['4:24-26 $A'],
    ],
    [
      'an empty value is not a word',
      'Environment=A=\nExecStart=/bin/kubelet $A --b',
      ['3:27-30 --b'],
    ],
    ['two dollar signs are one', 'Environment=A=1\nExecStart=/bin/kubelet $$A', ['3:24-27 $A']],
    [
      'a colon turns replacement off',
      'Environment=A=1\nExecStart=:/bin/kubelet $A',
      ['3:25-27 $A'],
    ],
  ] as const) {
    test(name, () => assert.deepEqual(words(text), expected));
  }

  test('those that were replaced are listed with the files that can set them', () => {
    const text = `Environment=A=1 B=2\nEnvironmentFile=-/etc/kubelet\nExecStart=/bin/kubelet $A --b=\${C}`;
    assert.deepEqual(field(text, 'variables'), ['A']);
    assert.deepEqual(field(text, 'environmentFiles'), ['-/etc/kubelet']);
  });
});

describe('a file', () => {
  test('has the name of its unit, a drop-in with its directory', () => {
    const unit = '[Service]\nExecStart=/bin/kubelet';
    for (const [file, name] of [
      ['a/b/kubelet.service', 'kubelet.service'],
      ['a/kubelet.service.d/10-a.conf', 'kubelet.service.d/10-a.conf'],
    ] as const) {
      assert.deepEqual(read(unit, file).document?.value, {
        apiVersion: 'bulkhead.dev/v1',
        kind: 'SystemdUnit',
        metadata: { name },
        execStart: [['/bin/kubelet']],
        variables: [],
        environmentFiles: [],
      });
    }
  });

  test('with another name is not a unit', () => {
    const bytes = new TextEncoder().encode('[Service]\nExecStart=/bin/kubelet');
    const { errors, others } = readManifest('a/10-a.conf', bytes);
    assert.deepEqual([errors.length, others.length], [0, 1]);
  });

  for (const [what, text] of [
    ['k3s', 'ExecStart=/usr/local/bin/k3s server --node-taint a=b:NoSchedule'],
    ['k3s in a container', 'ExecStart=/usr/bin/docker run rancher/k3s:v1.33.0-k3s1 server'],
    ['RKE2 in a shell', "ExecStart=/bin/sh -c 'exec rke2 agent'"],
    ['k0s', 'ExecStart=/usr/bin/k0s worker'],
    ['kubectl taint', 'ExecStart=/usr/bin/kubectl --kubeconfig=/a taint nodes --all a-'],
  ] as const) {
    test(`that starts ${what} is an object`, () => {
      const { document } = read(`[Service]\n${text}`, 'a.service');
      assert.equal(document && classify(document).kind, 'objects');
    });
  }

  test('has the commands before and after its own that change nodes', () => {
    const taint = 'kubectl taint nodes n a-';
    const text = `ExecStartPre=/bin/true\nExecStart=/bin/kubelet\nExecStartPost=/bin/sh -c "${taint}"\nExecStartPre=${taint}`;
    assert.deepEqual(field(text, 'execStart'), [
      ['/bin/kubelet'],
      taint.split(' '),
      ['/bin/sh', '-c', taint],
    ]);
  });

  test('that does not start a kubelet is not an object', () => {
    const { document } = read('[Service]\nExecStart=/usr/sbin/nginx', 'nginx.service');
    assert.ok(document !== undefined);
    assert.deepEqual(classify(document), {
      kind: 'other',
      reason:
        'a systemd unit or drop-in whose ExecStart= does not start a kubelet, k3s, RKE2 or k0s',
    });
  });

  test('with an unterminated quote is rejected', () => {
    const { errors } = read('[Service]\nExecStart=/bin/kubelet "--a');
    assert.deepEqual(
      errors.map(({ code, place }) => ({ code, place })),
      [{ code: 'MANIFEST_SYNTAX', place: { file: 'etc/kubelet.service', line: 2, column: 24 } }],
    );
  });
});

test("the arguments of MicroK8s' kubelet are those of a command", () => {
  const { document } = read('--v=2\n# --x\n\n--a "1 2"\r\n--b', 'snap/args/kubelet');
  const found = document && classify(document);
  assert.ok(found?.kind === 'objects');
  const [object] = found.objects;
  assert.equal(object?.value['kind'], 'KubeletArguments');
  assert.deepEqual(object?.value['metadata'], { name: 'args/kubelet' });
  assert.deepEqual(object?.value['execStart'], [['kubelet', '--v=2', '--a', '1 2', '--b']]);
  assert.equal(object?.takenFor, "the arguments of MicroK8s' kubelet");
});
