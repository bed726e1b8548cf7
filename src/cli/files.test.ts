import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { readInput } from '../input.ts';
import { locate } from '../manifest/locate.ts';
import { readInputs } from './files.ts';

interface Scene {
  /** Text by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly directories?: readonly string[];
  /** Target by path. */
  readonly links?: Readonly<Record<string, string>>;
  readonly pipes?: readonly string[];
  readonly forbidden?: readonly string[];
}

interface Case {
  readonly name: string;
  readonly scene: Scene;
  readonly paths: readonly string[];
  /** Name and text, or name and error. */
  readonly expect: readonly (readonly [string, string])[];
  readonly skip?: boolean;
}

const GONE = 'FILE_UNREADABLE: no such file or directory';
const NOT_REGULAR = 'FILE_UNREADABLE: not a regular file: pipe it to standard input and use -';
const IS_ROOT = process.getuid?.() === 0;

const cases: readonly Case[] = [
  {
    name: 'a file that is named is read with any name',
    scene: { files: { 'a.txt': 'a' } },
    paths: ['a.txt'],
    expect: [['a.txt', 'a']],
  },
  {
    name: 'a directory stands for its .yaml, .yml and .json files at any depth, sorted by code units',
    scene: {
      files: {
        'm/b.yaml': '1',
        'm/B.yml': '2',
        'm/c/a.json': '3',
        'm/c.YAML': '4',
        'm/d.txt': '5',
      },
    },
    paths: ['m'],
    expect: [
      ['m/B.yml', '2'],
      ['m/b.yaml', '1'],
      ['m/c.YAML', '4'],
      ['m/c/a.json', '3'],
    ],
  },
  {
    name: 'a kustomization is looked for, even without an ending',
    scene: { files: { 'm/Kustomization': '1', 'm/kustomization': '2', 'm/a/Kustomization': '3' } },
    paths: ['m'],
    expect: [
      ['m/Kustomization', '1'],
      ['m/a/Kustomization', '3'],
    ],
  },
  {
    name: 'units of kubelets and what starts one are looked for, other units are not',
    scene: {
      files: {
        'm/kubelet.service': '1',
        'm/kubelet@.service': '2',
        'm/kubelet.service.d/a.conf': '3',
        'm/kubelet.service.d/b.txt': '4',
        'm/kubelet.conf': '5',
        'm/other.service.d/a.conf': '6',
        'm/other.service': '7',
        'm/k3s-agent.service': '8',
        'm/rke2-server.service.d/a.conf': '9',
        'm/args/kubelet': '10',
        'm/kubelet': '11',
        'm/k3s.txt': '12',
      },
    },
    paths: ['m', 'm/other.service'],
    expect: [
      ['m/args/kubelet', '10'],
      ['m/k3s-agent.service', '8'],
      ['m/kubelet.service', '1'],
      ['m/kubelet.service.d/a.conf', '3'],
      ['m/kubelet@.service', '2'],
      ['m/other.service', '7'],
      ['m/rke2-server.service.d/a.conf', '9'],
    ],
  },
  {
    name: 'Butane and Ignition are looked for',
    scene: { files: { 'm/a.bu': '1', 'm/b.ign': '2', 'm/user-data': '3' } },
    paths: ['m'],
    expect: [
      ['m/a.bu', '1'],
      ['m/b.ign', '2'],
    ],
  },
  {
    name: 'a name begins as the path was given',
    scene: { files: { 'm/a.yaml': 'a', 'n/b.yaml': 'b' } },
    paths: ['./m/', 'n/../n'],
    expect: [
      ['./m/a.yaml', 'a'],
      ['n/../n/b.yaml', 'b'],
    ],
  },
  {
    name: 'a file is read once under its shortest name, however many paths lead to it',
    scene: { files: { 'm/a.yaml': 'a' }, links: { 'm/z.yaml': 'a.yaml', n: 'm' } },
    paths: ['./m/a.yaml', 'm', 'm/a.yaml', './m', 'm', 'n'],
    expect: [['m/a.yaml', 'a']],
  },
  {
    name: 'the order of the paths does not matter',
    scene: { files: { 'm/a.yaml': 'a', 'm/b.yaml': 'b' } },
    paths: ['m/b.yaml', './m', 'm'],
    expect: [
      ['m/a.yaml', 'a'],
      ['m/b.yaml', 'b'],
    ],
  },
  {
    name: 'directories are followed through symbolic links, and no loop is walked twice',
    scene: {
      files: { 'm/a.yaml': 'a', 'other/b.yaml': 'b' },
      links: { 'm/up': '..', 'm/self': '.', 'm/other': '../other' },
    },
    paths: ['m'],
    expect: [
      ['m/a.yaml', 'a'],
      ['m/other/b.yaml', 'b'],
    ],
  },
  {
    name: 'a directory that a link points to is read under the name of the link',
    scene: { files: { 'x/b.yaml': 'b' }, directories: ['m'], links: { 'm/x': '../x' } },
    paths: ['m'],
    expect: [['m/x/b.yaml', 'b']],
  },
  {
    name: 'a missing path is an error, reported once, and the others are read',
    scene: { files: { 'a.yaml': 'a' } },
    paths: ['gone', './gone', 'a.yaml', 'gone/deeper'],
    expect: [
      ['a.yaml', 'a'],
      ['gone', GONE],
      ['gone/deeper', GONE],
    ],
  },
  {
    name: 'a path below a file is an error',
    scene: { files: { 'a.yaml': 'a' } },
    paths: ['a.yaml/b'],
    expect: [['a.yaml/b', 'FILE_UNREADABLE: a part of the path is not a directory']],
  },
  {
    name: 'an empty path is an error, not the current directory',
    scene: { files: { 'a.yaml': 'a' } },
    paths: [''],
    expect: [['', 'FILE_UNREADABLE: the path is empty: give a file or a directory']],
  },
  {
    name: 'an empty directory stands for no file',
    scene: { directories: ['m'] },
    paths: ['m'],
    expect: [],
  },
  {
    name: 'a link to nothing is an error where it is named or has the name of a manifest',
    scene: { links: { 'm/a.yaml': 'gone', 'm/b': 'gone', 'm/c': 'c', d: 'gone' } },
    paths: ['m', 'd'],
    expect: [
      ['d', GONE],
      ['m/a.yaml', GONE],
    ],
  },
  {
    name: 'a named link that is a loop is an error',
    scene: { links: { a: 'b', b: 'a' } },
    paths: ['a'],
    expect: [['a', 'FILE_UNREADABLE: symbolic link loop']],
  },
  {
    name: 'a pipe is rejected without waiting for it, named or in a directory',
    scene: { pipes: ['a', 'm/b.yaml', 'm/c'] },
    paths: ['a', 'm'],
    expect: [
      ['a', NOT_REGULAR],
      ['m/b.yaml', NOT_REGULAR],
    ],
  },
  {
    name: 'a device is rejected',
    scene: {},
    paths: ['/dev/zero'],
    expect: [['/dev/zero', NOT_REGULAR]],
  },
  {
    name: 'a file and a directory that may not be read are errors',
    scene: {
      files: { 'm/a.yaml': 'a', 'm/b/c.yaml': 'c', 'm/d.yaml': 'd' },
      forbidden: ['m/a.yaml', 'm/b'],
    },
    paths: ['m'],
    expect: [
      ['m/a.yaml', 'FILE_UNREADABLE: permission denied'],
      ['m/b', 'FILE_UNREADABLE: permission denied'],
      ['m/d.yaml', 'd'],
    ],
    skip: IS_ROOT,
  },
  {
    name: '- is standard input, read once',
    scene: { files: { '+.yaml': '+' } },
    paths: ['-', '+.yaml', '-'],
    expect: [
      ['+.yaml', '+'],
      ['-', 'from standard input'],
    ],
  },
  {
    name: './- is a file of that name',
    scene: { files: { '-': 'a file' } },
    paths: ['./-'],
    expect: [['./-', 'a file']],
  },
];

for (const { name, scene, paths, expect, skip = false } of cases) {
  test(name, { skip, timeout: 10_000 }, async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'bulkhead-files-'));
    try {
      stage(cwd, scene);
      assert.deepEqual(await read(paths, cwd), expect);
      assert.deepEqual(await read(paths.toReversed(), cwd), expect);
      assert.deepEqual(await read(paths, cwd, 0), expect);
    } finally {
      for (const path of scene.forbidden ?? []) chmodSync(join(cwd, path), 0o700);
      rmSync(cwd, { recursive: true });
    }
  });
}

test('of many files the bytes are read again, and a file that has changed is not taken for the same', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'bulkhead-files-'));
  try {
    const manifest = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n`;
    stage(cwd, { files: { 'a.yaml': manifest('a'), 'b.yaml': manifest('b') } });
    const { files } = await readInputs(['.'], { cwd, readStdin }, { room: manifest('a').length });
    writeFileSync(join(cwd, 'a.yaml'), manifest('x'));
    const { objects, errors: none } = readInput(files);
    assert.deepEqual(
      [objects.map(({ value }) => value['metadata']), none],
      [[{ name: 'a' }, { name: 'b' }], []],
    );
    writeFileSync(join(cwd, 'b.yaml'), manifest('y'));
    const { errors } = readInput(files);
    const message = 'this file was changed while it was checked: check it again';
    assert.deepEqual(
      errors.map(({ code, file, line, message: said }) => [code, file, line, said]),
      [['FILE_UNREADABLE', 'b.yaml', 1, message]],
    );
    const [, changed] = objects;
    assert.ok(changed !== undefined);
    assert.throws(() => locate(changed.document, ['kind']), { code: 'FILE_UNREADABLE', message });
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

describe('hidden directories and dependencies are left out', () => {
  const FILES = {
    'a.yaml': 'a',
    '.b.yaml': 'b',
    '.git/c.yaml': 'c',
    'm/.hidden/d.yaml': 'd',
    'm/node_modules/x/e.yaml': 'e',
    'm/node_modules.yaml/f.yaml': 'f',
    '.github/workflows/g.yaml': 'g',
    '.github/.deeper/h.yaml': 'h',
  };
  for (const { what, links, paths, names, excluded } of [
    {
      what: 'of the current directory, whose name starts with a dot too',
      paths: ['.'],
      names: ['.b.yaml', 'a.yaml', 'm/node_modules.yaml/f.yaml'],
      excluded: [
        '.git hidden',
        '.github hidden',
        'm/.hidden hidden',
        'm/node_modules dependencies',
      ],
    },
    {
      what: 'of the one above',
      paths: ['m/..'],
      names: ['m/../.b.yaml', 'm/../a.yaml', 'm/../m/node_modules.yaml/f.yaml'],
      excluded: [
        'm/../.git hidden',
        'm/../.github hidden',
        'm/../m/.hidden hidden',
        'm/../m/node_modules dependencies',
      ],
    },
    {
      what: 'not one that is named, but what is hidden in it',
      paths: ['.github'],
      names: ['.github/workflows/g.yaml'],
      excluded: ['.github/.deeper hidden'],
    },
    {
      what: 'not one that is named beside the directory that it is in',
      paths: ['.', '.git', 'm/node_modules/x'],
      names: [
        '.b.yaml',
        '.git/c.yaml',
        'a.yaml',
        'm/node_modules.yaml/f.yaml',
        'm/node_modules/x/e.yaml',
      ],
      excluded: ['.github hidden', 'm/.hidden hidden', 'm/node_modules dependencies'],
    },
    {
      what: 'not a file that is named',
      paths: ['m/node_modules/x/e.yaml', '.git/c.yaml'],
      names: ['.git/c.yaml', 'm/node_modules/x/e.yaml'],
      excluded: [],
    },
    {
      what: 'and counted once, by whatever paths',
      paths: ['m', './m', '.'],
      names: ['.b.yaml', 'a.yaml', 'm/node_modules.yaml/f.yaml'],
      excluded: [
        '.git hidden',
        '.github hidden',
        'm/.hidden hidden',
        'm/node_modules dependencies',
      ],
    },
    {
      what: 'also if they are links',
      links: { 'n/.link': '../m', 'n/node_modules': '../m' },
      paths: ['n'],
      names: [],
      excluded: ['n/.link hidden'],
    },
    {
      what: 'but not what a link with another name leads to, which is read once',
      links: {
        'n/data.yaml': '../.git/c.yaml',
        'n/git': '../.git',
        'n/again': '../.git',
        'n/up': '..',
      },
      paths: ['n'],
      names: ['n/data.yaml', 'n/up/.b.yaml', 'n/up/a.yaml', 'n/up/m/node_modules.yaml/f.yaml'],
      excluded: [
        'n/up/.github hidden',
        'n/up/m/.hidden hidden',
        'n/up/m/node_modules dependencies',
      ],
    },
    {
      what: 'and links out of them lead to nothing that is not read already',
      links: { '.git/out': '../m', 'm/in': '../.git' },
      paths: ['m'],
      names: ['m/in/c.yaml', 'm/node_modules.yaml/f.yaml'],
      excluded: ['m/.hidden hidden', 'm/node_modules dependencies'],
    },
  ] as const) {
    test(what, async () => {
      const cwd = mkdtempSync(join(tmpdir(), 'bulkhead-files-'));
      try {
        stage(cwd, { files: FILES, links: links ?? {} });
        for (const order of [paths, paths.toReversed()]) {
          const readStdin = async () => new Uint8Array();
          const inputs = await readInputs(order, { cwd, readStdin });
          assert.deepEqual(
            inputs.files.map(({ name }) => name),
            names,
          );
          const left = inputs.excluded.map(({ path, reason }) => `${path} ${reason}`);
          assert.deepEqual(left.sort(), excluded);
        }
      } finally {
        rmSync(cwd, { recursive: true });
      }
    });
  }
});

async function readStdin(): Promise<Uint8Array> {
  return new TextEncoder().encode('from standard input');
}

async function read(paths: readonly string[], cwd: string, room?: number) {
  const options = room === undefined ? {} : { room };
  const { files } = await readInputs(paths, { cwd, readStdin }, options);
  return files.map((file) => [
    file.name,
    'error' in file
      ? `${file.error.code}: ${file.error.message}`
      : new TextDecoder().decode(file.bytes),
  ]);
}

function stage(cwd: string, scene: Scene): void {
  const made = (path: string): string => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    return join(cwd, path);
  };
  for (const path of scene.directories ?? []) mkdirSync(made(path));
  for (const [path, text] of Object.entries(scene.files ?? {})) writeFileSync(made(path), text);
  for (const [path, target] of Object.entries(scene.links ?? {})) symlinkSync(target, made(path));
  for (const path of scene.pipes ?? []) execFileSync('mkfifo', [made(path)]);
  for (const path of scene.forbidden ?? []) chmodSync(join(cwd, path), 0);
}
