import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from './connection.ts';
import { migrations } from './migrations.ts';
import { openStore } from './open.ts';

// Real git and real disks on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-'));
  path = join(folder, 'state.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const asides = () => readdirSync(folder).filter((name) => /set-aside-.*[^lm]$/.test(name));

/** A good one with something in it, all in one file. */
function written(): void {
  const { store } = openStore(path);
  for (let n = 0; n < 200; n += 1) store.setMeta(`key ${n}`, 'x'.repeat(200));
  store.close();
}

it('makes one that only the owner can read, its companions too', () => {
  const { store, problem } = openStore(path);
  expect(problem).toBeNull();
  for (const suffix of ['', '-wal', '-shm']) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
  store.close();
  chmodSync(path, 0o644);
  openStore(path).store.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

describe('one that cannot be used is set aside and said so', () => {
  const damages: Record<string, { damage: () => void; why: RegExp }> = {
    garbage: { damage: () => writeFileSync(path, 'garbage '.repeat(2000)), why: /not a database/ },
    truncated: {
      damage: () => {
        written();
        truncateSync(path, Math.floor(statSync(path).size / 2));
      },
      why: /damaged/,
    },
    'overwritten in the middle': {
      damage: () => {
        written();
        const bytes = readFileSync(path);
        bytes.fill(0xff, 4096, bytes.length - 4096);
        writeFileSync(path, bytes);
      },
      why: /damaged/,
    },
    'a folder': { damage: () => mkdirSync(path), why: /is a folder/ },
    newer: {
      damage: () => {
        written();
        const db = connect(path);
        db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
        db.close();
      },
      why: /newer version/,
    },
    'another program’s': {
      damage: () => {
        const db = connect(path);
        db.exec('CREATE TABLE jobs (x); PRAGMA user_version = 1');
        db.close();
      },
      why: /tables are not those/,
    },
    'an unreadable journal': {
      damage: () => {
        written();
        const db = connect(path);
        db.exec(`INSERT INTO runners (name, pool, forge, record) VALUES ('r', 'p', 'local', '{"na')`);
        db.close();
      },
      why: /journal/,
    },
  };
  it.each(Object.entries(damages))('%s', (_name, { damage, why }) => {
    damage();
    const { store, problem } = openStore(path, () => Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(problem?.code).toBe('database-set-aside');
    expect(problem?.message).toMatch(why);
    expect(problem?.subject).toBe(`${path}.set-aside-2026-01-02T03-04-05-000Z`);
    expect(existsSync(problem?.subject ?? '')).toBe(true);
    store.setMeta('a', 'b');
    store.close();
    const again = openStore(path);
    expect([again.problem, again.store.meta('a')]).toEqual([null, 'b']);
    again.store.close();
  });

  it('twice in the same moment, keeping both', () => {
    for (let n = 0; n < 2; n += 1) {
      writeFileSync(path, 'garbage '.repeat(2000));
      openStore(path, () => 0).store.close();
    }
    expect(asides()).toHaveLength(2);
  });
});

it('gives its owner the right to write it back', () => {
  written();
  chmodSync(path, 0o400);
  const { store, problem } = openStore(path);
  store.setMeta('a', 'b');
  expect([problem, statSync(path).mode & 0o777]).toEqual([null, 0o600]);
  store.close();
});

it('leaves everything where it is when the folder is the trouble', () => {
  const missing = join(folder, 'none', 'state.db');
  expect(() => openStore(missing)).toThrow(/cannot be opened.*ENOENT/);
  expect(readdirSync(folder)).toEqual([]);
});

/** Writes as the store does, saying each number once it is durable. */
const writer = `
  const Database = require(process.argv[2]);
  const db = new Database(process.argv[1], { timeout: 5000 });
  db.exec('PRAGMA synchronous = FULL');
  const put = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  for (let n = 1; ; n += 1) {
    db.exec('BEGIN IMMEDIATE');
    put.run('a', String(n));
    put.run('b', String(n));
    db.exec('COMMIT');
    require('node:fs').writeSync(1, n + '\\n');
  }`;

it('loses nothing that was durable and keeps no half of a transaction when its writer is killed', async () => {
  openStore(path).store.close();
  const libsql = createRequire(import.meta.url).resolve('libsql');
  for (let round = 0; round < 5; round += 1) {
    const child: ChildProcess = spawn(process.execPath, ['-e', writer, path, libsql], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.length > 200 * (round + 1)) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const { store, problem } = openStore(path);
    const last = Number(said.trimEnd().split('\n').at(-1));
    expect(problem).toBeNull();
    expect(Number(store.meta('a'))).toBeGreaterThanOrEqual(last);
    expect(store.meta('b')).toBe(store.meta('a'));
    store.close();
  }
});
