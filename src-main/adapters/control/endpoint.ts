/** Where the supervisor of a home is reached: a socket that every program of this user can compute from the home alone. */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { problem } from '../../contract/problem.ts';

/** Node cuts longer socket paths without a word (108 bytes on Linux, 104 on macOS, with the NUL). */
const longestPath = 100;

export interface Endpoint {
  /** Socket path, or the name of the pipe on Windows. */
  readonly path: string;
  /** 8 hex digits of the real home: what tells two homes of one user apart. */
  readonly hash: string;
  readonly uid: number;
  /** Windows: what the hello of a client must carry; null elsewhere, where the folder's mode guards. */
  readonly secret: string | null;
}

export interface EndpointHost {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who we are; 0 on Windows. */
  readonly uid: number;
  /** The folder of last resort; /tmp unless a test says otherwise. Never TMPDIR, which differs from shell to shell. */
  readonly tmp?: string;
}

/**
 * Where the supervisor of the real path `home` listens; makes the folder of the socket, for the owner alone (0700).
 * Throws a Problem when that folder belongs to somebody else.
 */
export function endpointToServe(home: string, host: EndpointHost): Endpoint {
  if (host.platform === 'win32') return pipeOf(home, pipeSecret(home, true));
  const folders = foldersOf(home, host);
  const folder = folders.find((dir) => owned(dir, host.uid));
  if (folder !== undefined) return socketIn(folder, home, host);
  throw problem(
    'forbidden',
    `The folder ${folders.at(-1) ?? ''} for the control socket cannot be used: it cannot be made, or belongs to somebody else.`,
    'Have that folder removed, or set XDG_RUNTIME_DIR to a folder of your own.',
  );
}

/**
 * Where a client of the supervisor of `home` knocks: where the supervisor wrote that it listens, as its environment may
 * not be ours, else where it would listen in ours. Nothing is made.
 */
export function endpointToReach(home: string, host: EndpointHost): Endpoint {
  if (host.platform === 'win32') return pipeOf(home, pipeSecret(home, false));
  const computed = socketIn(foldersOf(home, host)[0] ?? tmpFolder(host), home, host);
  return { ...computed, path: announced(home) ?? computed.path };
}

/** Writes HOME/run/endpoint.json, by which clients and tools find the socket; throws where it cannot be written. */
export function announce(home: string, endpoint: Endpoint, server: { version: string; pid: number }): void {
  const file = announcement(home);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify({ path: endpoint.path, ...server })}\n`, { mode: 0o600 });
}

function announcement(home: string): string {
  return path.join(home, 'run', 'endpoint.json');
}

function announced(home: string): string | null {
  try {
    const content = JSON.parse(readFileSync(announcement(home), 'utf8')) as unknown;
    if (typeof content !== 'object' || content === null || !('path' in content)) return null;
    return typeof content.path === 'string' && path.isAbsolute(content.path) ? content.path : null;
  } catch {
    return null;
  }
}

function hashOf(home: string): string {
  return createHash('sha256').update(home).digest('hex').slice(0, 8);
}

function socketIn(folder: string, home: string, host: EndpointHost): Endpoint {
  const hash = hashOf(home);
  return { path: path.join(folder, `${hash}.sock`), hash, uid: host.uid, secret: null };
}

/** The folders in which the socket may lie, the best first. */
function foldersOf(home: string, host: EndpointHost): readonly string[] {
  const runtime = host.env['XDG_RUNTIME_DIR'] ?? '';
  const own = path.isAbsolute(runtime) ? [path.join(runtime, 'homerunner')] : [];
  return [...own, tmpFolder(host)].filter(
    (dir) => Buffer.byteLength(socketIn(dir, home, host).path) <= longestPath,
  );
}

function tmpFolder({ tmp = '/tmp', uid }: EndpointHost): string {
  return path.join(tmp, `homerunner-${uid}`);
}

/** Is this a folder of ours that nobody else can enter? It is made, or closed to others, where it is not. */
function owned(dir: string, uid: number): boolean {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return false;
  }
  const stat = lstatSync(dir);
  if (!stat.isDirectory() || stat.uid !== uid) return false;
  if ((stat.mode & 0o077) !== 0) chmodSync(dir, 0o700);
  return true;
}

function pipeOf(home: string, secret: string): Endpoint {
  const hash = hashOf(home);
  return { path: `\\\\.\\pipe\\homerunner-${hash}`, hash, uid: 0, secret };
}

function pipeSecret(home: string, make: boolean): string {
  const file = path.join(home, 'run', 'pipe-secret');
  try {
    return readFileSync(file, 'utf8');
  } catch {
    if (!make) return '';
    const secret = randomBytes(32).toString('hex');
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, secret, { mode: 0o600 });
    return secret;
  }
}
