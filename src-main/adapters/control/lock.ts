/** One supervisor per home and user: whoever holds the lock is it. A dead holder's lock is free at once. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { Endpoint } from './endpoint.ts';

export interface Lock {
  release(): Promise<void>;
}

export interface LockHost {
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  /** When a process began, in any form that stays the same while it lives; null when there is none. */
  readonly startTimeOf: (pid: number) => Promise<string | null>;
}

/**
 * The lock of this endpoint, or null while another process holds it: on Linux a name in the abstract socket namespace,
 * on Windows a pipe, which the kernel takes back from a dead process; elsewhere a file with pid and start time.
 */
export async function acquireLock(endpoint: Endpoint, home: string, host: LockHost): Promise<Lock | null> {
  if (host.platform === 'linux') return listenLock(`\0homerunner-${endpoint.uid}-${endpoint.hash}`);
  if (host.platform === 'win32') return listenLock(`${endpoint.path}-lock`);
  return fileLock(path.join(home, 'run', 'lock'), host);
}

function listenLock(name: string): Promise<Lock | null> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen(name, () => {
      // The lock is held as long as the process lives, and keeps no process alive.
      server.unref();
      resolve({
        release: () =>
          new Promise((done) => {
            server.close(() => {
              done();
            });
          }),
      });
    });
  });
}

/**
 * A file that only link() makes, so that it is whole when it appears. That of a dead holder is removed under a lock of
 * the same kind, so that no two processes ever remove at once, and none removes what another has just made.
 */
async function fileLock(file: string, host: LockHost): Promise<Lock | null> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const own = `${host.pid} ${(await host.startTimeOf(host.pid)) ?? ''}`;
  const draft = `${file}.${host.pid}`;
  writeFileSync(draft, own, { mode: 0o600 });
  try {
    for (;;) {
      if (linked(draft, file)) {
        return {
          release() {
            removeIf(file, own);
            return Promise.resolve();
          },
        };
      }
      const holder = textOf(file);
      if (holder === null) continue;
      if (await lives(holder, host)) return null;
      const removal = await fileLock(`${file}.dead`, host);
      if (removal === null) return null;
      removeIf(file, holder);
      await removal.release();
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function lives(holder: string, host: LockHost): Promise<boolean> {
  const [pid = '', ...start] = holder.split(' ');
  const now = await host.startTimeOf(Number(pid));
  return now !== null && now === start.join(' ');
}

function removeIf(file: string, content: string): void {
  if (textOf(file) === content) rmSync(file, { force: true });
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
