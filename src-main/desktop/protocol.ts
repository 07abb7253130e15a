/** The window's own files, and nothing else, under an origin of their own: app://homerunner. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { protocol, type Session } from 'electron';
import { fileOf } from './own-files.ts';
import { crashed, missing, plainStyle } from './pages.ts';

const scheme = 'app';
export const origin = `${scheme}://homerunner`;
export const homePage = `${origin}/index.html`;
export const crashPage = `${origin}${crashed.path}`;

/** Nothing from elsewhere, nothing inline, and no connections at all. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the files below `folder` to the pages of `session`. */
export function serveFiles(session: Session, folder: string): void {
  session.protocol.handle(scheme, async (request) => {
    const file = request.method === 'GET' ? await found(request.url, folder) : null;
    if (file === null) return new Response(null, { status: 404 });
    return new Response(file.body, {
      headers: {
        'content-type': file.type,
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      },
    });
  });
}

interface Served {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly type: string;
}

async function found(url: string, folder: string): Promise<Served | null> {
  const { host, pathname } = new URL(url);
  if (host !== 'homerunner') return null;
  if (pathname === crashed.path) return { body: crashed.text, type: types['.html'] ?? '' };
  if (pathname === plainStyle.path) return { body: plainStyle.text, type: types['.css'] ?? '' };
  const file = fileOf(pathname, folder);
  const type = file === null ? undefined : types[extname(file)];
  if (file === null || type === undefined) return null;
  try {
    return { body: new Uint8Array(await readFile(file)), type };
  } catch {
    return pathname === '/index.html' ? { body: missing, type } : null;
  }
}
