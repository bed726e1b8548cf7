import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { InputFile } from '../input.ts';
import type { RenderSource } from './render.ts';
import { renderInputs } from './render.ts';

// Programs that misbehave, in place of Helm and kustomize. What the real ones render: test/rendering.

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-render-'));
after(() => rmSync(scratch, { recursive: true }));
const cwd = join(scratch, 'repository');
write('repository/shop/Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
write('repository/prod/kustomization.yaml', 'resources: [pod.yaml]\n');
write('repository/prod/pod.yaml', 'kind: Pod\n');
for (const name of ['-v', 'a,%b".yaml', 'a.yaml', 'b.yaml']) write(`repository/${name}`, 'a: 1\n');
mkdirSync(join(cwd, 'My Shop'));
const LIMITS = { milliseconds: 20_000, bytes: 1024 * 1024 };
const HELM: RenderSource = { helm: 'shop' };
const KUSTOMIZE: RenderSource = { kustomize: 'prod' };

function write(name: string, text: string): string {
  const path = join(scratch, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

let count = 0;

/** A PATH with shell scripts of these names. */
function programs(scripts: Readonly<Record<string, string>>): string {
  count += 1;
  mkdirSync(join(scratch, `bin${count}`));
  for (const [name, script] of Object.entries(scripts)) {
    chmodSync(write(`bin${count}/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
  }
  return join(scratch, `bin${count}`);
}

/** What the input becomes: its text, or its error with its place. */
async function rendered(
  source: RenderSource,
  path: string,
  limits = LIMITS,
): Promise<string | undefined> {
  const { files } = await renderInputs([source], { cwd, env: { PATH: path } }, limits);
  return said(files[0]);
}

function said(file: InputFile | undefined): string | undefined {
  if (file === undefined) return undefined;
  if ('bytes' in file) return new TextDecoder().decode(file.bytes);
  const { code, message, place } = file.error;
  return `${place?.file ?? file.name} ${code} ${message}`;
}

describe('a program that fails is the error of its input', () => {
  for (const { name, script, error } of [
    {
      name: 'it says why',
      script: 'echo "WARNING: something else" >&2; echo "Error: no such value" >&2; exit 1',
      error: 'failed with exit status 1: no such value',
    },
    { name: 'it says nothing', script: 'exit 3', error: 'failed with exit status 3' },
    {
      name: 'it prints objects all the same',
      script: 'echo "kind: Pod"; exit 1',
      error: 'failed with exit status 1',
    },
    {
      name: 'it writes to the terminal',
      script: String.raw`printf 'Error: \033]0;owned\007\033[2Jall clean\n' >&2; exit 1`,
      error: String.raw`failed with exit status 1: \x1b]0;owned\x07\x1b[2Jall clean`,
    },
    {
      name: 'it names files as no user knows them',
      script: `echo "Error: open ${cwd}/shop/x.yaml" >&2; exit 1`,
      error: 'failed with exit status 1: open shop/x.yaml',
    },
    { name: 'it is killed', script: 'kill -9 $$', error: 'was ended by SIGKILL' },
  ]) {
    test(name, async () => {
      const path = programs({ helm: script, kustomize: script });
      assert.equal(
        await rendered(HELM, path),
        `shop/Chart.yaml RENDER_FAILED helm template shop ${error}`,
      );
      assert.equal(
        await rendered(KUSTOMIZE, path),
        `prod/kustomization.yaml RENDER_FAILED kustomize build prod ${error}`,
      );
    });
  }

  test('what it says is cut', async () => {
    const path = programs({
      helm: 'i=0; while [ $i -lt 9999 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 1',
    });
    const error = (await rendered(HELM, path)) ?? '';
    assert.match(error, /line \d+…$/);
    assert.ok(error.length < 1000);
  });
});

describe('a program is stopped', () => {
  const hang = 'echo "kind: Pod"; echo "Error: locked" >&2; /bin/sleep 60';

  test('that does not end', async () => {
    const limits = { ...LIMITS, milliseconds: 500 };
    const path = programs({ helm: hang, kustomize: hang });
    assert.equal(
      await rendered(HELM, path, limits),
      'shop/Chart.yaml RENDER_FAILED helm template shop did not end within 0.5 s: locked',
    );
    assert.match((await rendered(KUSTOMIZE, path, limits)) ?? '', /did not end within 0\.5 s/);
  });

  test('with all that it has started', async () => {
    const file = join(scratch, 'started');
    const path = programs({ helm: `/bin/sleep 60 & echo $! > ${file}; wait` });
    await rendered(HELM, path, { ...LIMITS, milliseconds: 1000 });
    const stat = `/proc/${readFileSync(file, 'utf8').trim()}/stat`;
    const isRunning = () => existsSync(stat) && !/ [ZX] /.test(readFileSync(stat, 'utf8'));
    for (let tries = 0; isRunning() && tries < 100; tries += 1) await setTimeout(50);
    assert.equal(isRunning(), false);
  });

  test('whose output another process keeps open', async () => {
    const path = programs({ helm: '/usr/bin/setsid /bin/sleep 5 & echo "kind: Pod"' });
    const limits = { ...LIMITS, milliseconds: 500 };
    assert.match((await rendered(HELM, path, limits)) ?? '', /did not end within 0\.5 s/);
  });

  test('that prints too much', async () => {
    const path = programs({ helm: '/usr/bin/head -c 200000000 /dev/zero; /bin/sleep 60' });
    assert.equal(
      await rendered(HELM, path),
      'shop/Chart.yaml RENDER_FAILED helm template shop printed more than 1 MB',
    );
  });
});

test('a program gets no input, no terminal, the whole environment, and a directory that no one writes to', async () => {
  const path = programs({
    helm: '/bin/cat; (echo > /dev/tty) 2>/dev/null && echo tty; echo "$MARK"; pwd',
  });
  const env = { PATH: path, MARK: 'a b' };
  const { files } = await renderInputs([HELM], { cwd, env }, LIMITS);
  const [mark, directory = ''] = (said(files[0]) ?? '').split('\n');
  assert.equal(mark, 'a b');
  assert.notEqual(directory, cwd);
  assert.throws(() => readFileSync(directory), /ENOENT/, 'it is removed');
});

test('a program is not searched in the input, even if PATH says so', async () => {
  chmodSync(write('repository/helm', '#!/bin/sh\necho "kind: Pod"\n'), 0o755);
  const error = await rendered(HELM, ['.', '', join(scratch, 'none')].join(delimiter));
  assert.match(error ?? '', /RENDER_TOOL_MISSING/);
});

describe('a program that cannot be run', () => {
  test('is not there', async () => {
    const path = programs({});
    assert.equal(
      await rendered(HELM, path),
      'shop/Chart.yaml RENDER_TOOL_MISSING helm is not on PATH (needed for shop): install Helm, or: helm template shop | bulkhead check -',
    );
    assert.equal(
      await rendered(KUSTOMIZE, path),
      'prod/kustomization.yaml RENDER_TOOL_MISSING neither kustomize nor kubectl is on PATH (needed for prod): install one of them, or: kubectl kustomize prod | bulkhead check -',
    );
  });

  test('is a directory', async () => {
    const path = programs({});
    mkdirSync(join(path, 'helm'));
    assert.match(
      (await rendered(HELM, path)) ?? '',
      /RENDER_FAILED .* cannot be run: permission denied/,
    );
  });

  test('is not executable', async () => {
    const path = programs({ helm: 'echo' });
    chmodSync(join(path, 'helm'), 0o644);
    assert.match(
      (await rendered(HELM, path)) ?? '',
      /RENDER_FAILED .* cannot be run: permission denied/,
    );
  });
});

test('an error is at the input, if there is no file that stands for it', async () => {
  const failing = 'echo "Error: not a chart" >&2; exit 1';
  const path = programs({ helm: failing, kustomize: failing });
  assert.equal(
    await rendered({ helm: 'My Shop' }, path),
    "helm My Shop RENDER_FAILED helm template 'My Shop' failed with exit status 1: not a chart",
  );
  assert.equal(
    await rendered({ kustomize: 'My Shop' }, path),
    "kustomize My Shop RENDER_FAILED kustomize build 'My Shop' failed with exit status 1: not a chart",
  );
});

test('kubectl stands in for kustomize', async () => {
  const path = programs({ kubectl: 'echo "# $1 $#"' });
  assert.equal(await rendered(KUSTOMIZE, path), '# kustomize 2\n');
});

test('without origins the objects are rendered all the same', async () => {
  const script = 'case "$2" in */prod) echo "kind: Pod";; *) echo "Error: no" >&2; exit 1;; esac';
  const { files } = await renderInputs(
    [KUSTOMIZE],
    { cwd, env: { PATH: programs({ kustomize: script }) } },
    LIMITS,
  );
  assert.equal(said(files[0]), 'kind: Pod\n');
});

describe('the arguments of Helm', () => {
  const path = programs({ helm: 'for one in "$@"; do echo "$one"; done' });
  for (const { name, source, argv } of [
    {
      name: 'the release has the name of the directory',
      source: HELM,
      argv: ['template', '--namespace=default', '--include-crds', '--', 'shop', join(cwd, 'shop')],
    },
    {
      name: 'nothing that is given becomes a flag, an address or two files',
      source: {
        helm: './shop/',
        release: '--post-renderer=x',
        namespace: '-n',
        values: ['-v', 'a,%b".yaml'],
      },
      argv: [
        'template',
        '--namespace=-n',
        '--include-crds',
        '--values=values-0.yaml',
        '--values=values-1.yaml',
        ...['--', '--post-renderer=x', join(cwd, 'shop')],
      ],
    },
  ]) {
    test(name, async () => {
      const printed = (await rendered(source, path)) ?? '';
      const own = printed.replaceAll(/(?<==)\/.*\/(?=values-)/g, '');
      assert.equal(own, `${argv.join('\n')}\n`);
    });
  }

  test('a release whose name the directory cannot give has that of Helm', async () => {
    assert.match((await rendered({ helm: 'My Shop' }, path)) ?? '', /\n--\nrelease-name\n/);
  });
});

test('values that are not there are the error of the chart', async () => {
  const path = programs({ helm: 'echo "kind: Pod"' });
  assert.equal(
    await rendered({ helm: 'shop', values: ['none.yaml'] }, path),
    'helm shop --values none.yaml FILE_UNREADABLE cannot render none.yaml: no such file or directory',
  );
});

test('what is not here is not fetched', async () => {
  const path = programs({ helm: 'echo "kind: Pod"', kustomize: 'echo "kind: Pod"' });
  for (const helm of ['oci://example.com/shop', 'https://example.com/shop.tgz', '']) {
    assert.match((await rendered({ helm }, path)) ?? '', /FILE_UNREADABLE/, helm);
  }
  assert.equal(
    await rendered({ helm: 'stable/shop' }, path),
    'helm stable/shop FILE_UNREADABLE cannot render stable/shop: no such file or directory',
  );
  assert.equal(
    await rendered({ kustomize: 'github.com/example/shop?ref=v1' }, path),
    'kustomize github.com/example/shop?ref=v1 FILE_UNREADABLE cannot render github.com/example/shop?ref=v1: no such file or directory',
  );
});

test('inputs have names of their own, and one that is given twice is rendered once', async () => {
  const path = programs({ helm: 'echo "kind: Pod"', kustomize: 'echo "kind: Pod"' });
  const sources = [
    HELM,
    HELM,
    { ...HELM, release: 'other' },
    { ...HELM, values: ['a.yaml', 'b.yaml'] },
    KUSTOMIZE,
    { kustomize: 'prod/' },
  ];
  const { names } = await renderInputs(sources, { cwd, env: { PATH: path } }, LIMITS);
  assert.deepEqual(names, [
    'helm shop',
    'helm shop (2)',
    'helm shop --values a.yaml --values b.yaml',
    'kustomize prod',
  ]);
});
