import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { ROOT } from './tools.ts';

const DIRECTORY = 'src/formats/html';

/** The committed file of the style and the script of the picture. */
export const ASSETS = `${DIRECTORY}/assets.generated.ts`;

/** The source of the style and the script of the picture, minified, with the hashes by which a page allows them. */
export async function pictureAssets(): Promise<string> {
  const style = await minified('page.css', 'css');
  const script = await minified('page.js', 'js');
  const lines = [
    constant('STYLE', style),
    constant('STYLE_HASH', sha256(style)),
    constant('SCRIPT', script),
    constant('SCRIPT_HASH', sha256(script)),
  ];
  return `// GENERATED from page.css and page.js by \`make generate\`; do not edit.\n${lines.join('')}`;
}

async function minified(name: string, loader: 'css' | 'js'): Promise<string> {
  const source = readFileSync(join(ROOT, DIRECTORY, name), 'utf8');
  const { code } = await transform(source, {
    loader,
    minify: true,
    legalComments: 'none',
    ...(loader === 'js' && { format: 'iife' }),
  });
  return code.trim();
}

function constant(name: string, value: string): string {
  return `export const ${name} =\n  ${JSON.stringify(value)};\n`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
