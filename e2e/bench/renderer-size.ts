/** What the window has to load: its page, and all that this names. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Measured } from './figure.ts';

const folder = path.resolve('dist/renderer');

/** Gzipped, in KiB. */
export function rendererFigure(): Measured {
  const name = 'page of the window, gzipped';
  const page = path.join(folder, 'index.html');
  if (!existsSync(page)) return { name, skipped: 'it is not built (npm run build:renderer)' };
  const named = [...readFileSync(page, 'utf8').matchAll(/(?:src|href)="\.\/([^"]+)"/g)];
  const files = [page, ...named.map(([, file]) => path.join(folder, file ?? ''))];
  const bytes = files.reduce((total, file) => total + gzipSync(readFileSync(file)).length, 0);
  const value = bytes / 1024;
  return {
    name,
    unit: 'KiB',
    value,
    baseline: null,
    budget: { kind: 'most', most: 250 },
    note: `${files.length} files`,
  };
}
