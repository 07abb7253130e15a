import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { build } from 'vite';
import { processTable } from '../os/process-table.ts';
import type { Endpoint } from './endpoint.ts';
import { acquireLock, type LockHost } from './lock.ts';

let folder: string;
let home: string;
let endpoint: Endpoint;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hr-lock-'));
  home = path.join(folder, 'home');
  endpoint = { path: '', hash: path.basename(folder), uid: process.getuid?.() ?? 0, secret: null };
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const table = processTable('linux', '');
const here = (platform: NodeJS.Platform, more: Partial<LockHost> = {}): LockHost => ({
  platform,
  pid: process.pid,
  startTimeOf: (pid) => table.startTimeOf(pid),
  ...more,
});
const lockFile = () => path.join(home, 'run', 'lock');

/** `linux`: a name that the kernel keeps; `darwin`: the lock file, which any POSIX system can show. */
describe.each([
  { platform: 'linux', many: 100 },
  { platform: 'darwin', many: 30 },
] as const)('the lock of $platform', ({ platform, many }) => {
  test('is held by one, and free again after its release', async () => {
    const lock = await acquireLock(endpoint, home, here(platform));
    expect(lock).not.toBeNull();
    expect(await acquireLock(endpoint, home, here(platform))).toBeNull();
    await lock?.release();
    const again = await acquireLock(endpoint, home, here(platform));
    expect(again).not.toBeNull();
    await again?.release();
  });

  test('another home has another', async () => {
    const one = await acquireLock(endpoint, home, here(platform));
    const other = { ...endpoint, hash: `${endpoint.hash}-2` };
    const two = await acquireLock(other, path.join(folder, 'home2'), here(platform));
    expect([one, two]).not.toContain(null);
    await one?.release();
    await two?.release();
  });

  test(`${many} processes at once: exactly one holds it; after kill -9 the next one gets it`, async () => {
    const program = await bundle();
    const answers = await starts(program, platform, many);
    expect(answers.filter((a) => a === 'held')).toHaveLength(1);
    expect(answers.filter((a) => a === 'null')).toHaveLength(many - 1);
    const holder = children[answers.indexOf('held')];
    holder?.kill('SIGKILL');
    await new Promise((resolve) => holder?.once('exit', resolve));
    // The dead holder's lock is fought for by several at once, too.
    const next = await starts(program, platform, 10);
    expect(next.filter((a) => a === 'held')).toHaveLength(1);
  }, 180_000);
});

describe('the lock file', () => {
  test('of a dead process, of a reused pid, and a garbled one are taken over', async () => {
    mkdirSync(path.dirname(lockFile()), { recursive: true });
    for (const left of ['999999999 1', `${process.pid} another start`, '', 'garbage', '-1 x', '0 ']) {
      writeFileSync(lockFile(), left);
      const lock = await acquireLock(endpoint, home, here('darwin'));
      expect(lock, left).not.toBeNull();
      await lock?.release();
    }
    expect(readdirSync(path.dirname(lockFile()))).toEqual([]);
  });

  test('one who died while taking over stands in nobody’s way', async () => {
    mkdirSync(path.dirname(lockFile()), { recursive: true });
    for (const name of ['lock', 'lock.dead', 'lock.dead.dead']) {
      writeFileSync(path.join(home, 'run', name), '999999999 1');
    }
    const lock = await acquireLock(endpoint, home, here('darwin'));
    expect(lock).not.toBeNull();
    expect(readFileSync(lockFile(), 'utf8')).toBe(`${process.pid} ${await table.startTimeOf(process.pid)}`);
    await lock?.release();
  });

  test('a release takes away only what is its own', async () => {
    const lock = await acquireLock(endpoint, home, here('darwin'));
    writeFileSync(lockFile(), '1 of another');
    await lock?.release();
    expect(readFileSync(lockFile(), 'utf8')).toBe('1 of another');
  });
});

/** The lock as a program of its own: says `held` and stays, or `null` and ends. */
async function bundle(): Promise<string> {
  const entry = path.join(folder, 'entry.ts');
  const source = (file: string) => JSON.stringify(path.resolve('src-main/adapters', file));
  writeFileSync(
    entry,
    `import { acquireLock } from ${source('control/lock.ts')};
    import { processTable } from ${source('os/process-table.ts')};
    const [, , platform, endpoint, home] = process.argv;
    const table = processTable('linux', '');
    const startTimeOf = (pid) => table.startTimeOf(pid);
    process.stdin.once('data', async () => {
      const lock = await acquireLock(JSON.parse(endpoint), home, { platform, pid: process.pid, startTimeOf });
      console.log(lock === null ? 'null' : 'held');
      if (lock === null) process.exit(0);
    });
    console.log('ready');`,
  );
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: entry,
      outDir: path.join(folder, 'out'),
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'lock.cjs' } },
    },
  });
  return path.join(folder, 'out', 'lock.cjs');
}

/** Starts `count` of them, lets all go at once when each is ready, and gives what they said. */
async function starts(program: string, platform: string, count: number): Promise<string[]> {
  const begun = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, [program, platform, JSON.stringify(endpoint), home], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const words = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, word: async () => String((await words.next()).value) };
  });
  for (const { word } of begun) expect(await word()).toBe('ready');
  for (const { child } of begun) child.stdin.write('go\n');
  return Promise.all(begun.map(({ word }) => word()));
}
