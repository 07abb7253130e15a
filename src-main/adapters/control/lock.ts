/** One supervisor per home and user: whoever holds the lock is it. The kernel, not a file, forgets a dead holder. */
import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { Endpoint } from './endpoint.ts';

export interface Lock {
  release(): Promise<void>;
}

/** Tells whether a process lives and when it began: the proof that a lock file is not a dead one's. */
export interface LockHost {
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  readonly startTimeOf: (pid: number) => Promise<string | null>;
}

/** The lock of this endpoint, or null while another process holds it. */
export async function acquireLock(endpoint: Endpoint, home: string, host: LockHost): Promise<Lock | null> {
  if (host.platform === 'linux') return listenLock(`\0homerunner-${endpoint.uid}-${endpoint.hash}`);
  if (host.platform === 'win32') return listenLock(`${endpoint.path}-lock`);
  return fileLock(path.join(home, 'run', 'lock'), host);
}

/** A name that the kernel gives to one process and takes back when that ends, however it ends. */
function listenLock(name: string): Promise<Lock | null> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen(name, () => {
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

/** A file that only link() makes, so that it is whole when it appears; a dead holder's is taken over. */
async function fileLock(file: string, host: LockHost): Promise<Lock | null> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const own = `${host.pid} ${(await host.startTimeOf(host.pid)) ?? ''}`;
  const draft = `${file}.${host.pid}`;
  writeFileSync(draft, own, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (linked(draft, file)) {
        return {
          release() {
            removeOwn(file, own);
            return Promise.resolve();
          },
        };
      }
      const holder = textOf(file);
      if (holder !== null && (await lives(holder, host))) return null;
      if (holder !== null) await takeAway(file, holder, draft, host);
    }
    return null;
  } finally {
    rmSync(draft, { force: true });
  }
}

function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch {
    return false;
  }
}

async function lives(holder: string, host: LockHost): Promise<boolean> {
  const [pid = '', ...start] = holder.split(' ');
  const now = await host.startTimeOf(Number(pid));
  return now !== null && now === start.join(' ');
}

/** Removes a dead holder's file, unless another process has put its own there meanwhile. */
async function takeAway(file: string, holder: string, draft: string, host: LockHost): Promise<void> {
  const gate = `${file}.takeover`;
  const keeper = textOf(gate);
  if (keeper !== null && !(await lives(keeper, host))) rmSync(gate, { force: true });
  if (!linked(draft, gate)) return;
  try {
    if (textOf(file) === holder) unlinkSync(file);
  } finally {
    rmSync(gate, { force: true });
  }
}

function removeOwn(file: string, own: string): void {
  if (textOf(file) === own) rmSync(file, { force: true });
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
