/** Where the supervisor of a home is reached: a socket that every program of this user can compute from the home alone. */
import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  readonly uid: number;
  readonly tmp: string;
}

/**
 * The endpoint of the real path `home`; makes the folder of the socket (0700) where `create` is set.
 * Throws a Problem when that folder belongs to somebody else.
 */
export function endpointOf(home: string, host: EndpointHost, create: boolean): Endpoint {
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 8);
  if (host.platform === 'win32') {
    return { path: `\\\\.\\pipe\\homerunner-${hash}`, hash, uid: 0, secret: pipeSecret(home, create) };
  }
  const runtime = host.env['XDG_RUNTIME_DIR'];
  const candidates = [
    ...(runtime !== undefined && path.isAbsolute(runtime) ? [path.join(runtime, 'homerunner')] : []),
    path.join('/tmp', `homerunner-${host.uid}`),
  ];
  const folder = candidates.find(
    (dir) =>
      Buffer.byteLength(path.join(dir, `${hash}.sock`)) <= longestPath && usable(dir, host.uid, create),
  );
  if (folder === undefined) {
    throw problem(
      'unexpected',
      `The folder ${candidates.at(-1) ?? ''} for the control socket cannot be used: it is missing, or belongs to somebody else.`,
      'Remove or rename that folder (it may be another user’s trap), or set XDG_RUNTIME_DIR to a folder of your own.',
    );
  }
  return { path: path.join(folder, `${hash}.sock`), hash, uid: host.uid, secret: null };
}

/** A folder of ours that nobody else can enter; made when it may be. */
function usable(dir: string, uid: number, create: boolean): boolean {
  try {
    if (create) mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return false;
  }
  try {
    const stat = lstatSync(dir);
    return stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0;
  } catch {
    // Without a folder there is no supervisor: for a client that is an answer, not a failure.
    return !create;
  }
}

function pipeSecret(home: string, create: boolean): string {
  const file = path.join(home, 'run', 'pipe-secret');
  try {
    return readFileSync(file, 'utf8');
  } catch {
    if (!create) return '';
    const secret = randomBytes(32).toString('hex');
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, secret, { mode: 0o600 });
    return secret;
  }
}
