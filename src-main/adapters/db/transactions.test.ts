import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Connection } from './connection.ts';

let folder: string;
let db: Connection;
let other: Connection;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transactions-'));
  const path = join(folder, 'x.db');
  db = connect(path);
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY)');
  other = connect(path);
});
afterEach(() => {
  db.close();
  other.close();
  rmSync(folder, { recursive: true });
});

const add = (n: number) => db.run('INSERT INTO t (n) VALUES (?)', n);
const seenBy = (connection: Connection) =>
  connection.all('SELECT n FROM t ORDER BY n').map((row) => row['n']);

describe('what is written later', () => {
  it('is seen here at once, and elsewhere with the next durable write', () => {
    db.later(() => add(1));
    expect(seenBy(db)).toEqual([1]);
    expect(seenBy(other)).toEqual([]);
    add(2);
    expect(seenBy(other)).toEqual([1, 2]);
  });

  it('rides along with a transaction', () => {
    db.later(() => add(1));
    db.transaction(() => {
      add(2);
      expect(seenBy(other)).toEqual([]);
    });
    expect(seenBy(other)).toEqual([1, 2]);
  });

  it('stays when a transaction behind it fails', () => {
    db.later(() => add(1));
    expect(() =>
      db.transaction(() => {
        add(2);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(seenBy(db)).toEqual([1]);
    add(3);
    expect(seenBy(other)).toEqual([1, 3]);
  });

  it('is durable by itself soon, and when the connection is closed', async () => {
    db.later(() => add(1));
    await expect.poll(() => seenBy(other)).toEqual([1]);
    db.later(() => add(2));
    db.close();
    expect(seenBy(other)).toEqual([1, 2]);
  });

  it('is all or nothing', () => {
    const failing = () =>
      db.later(() => {
        add(1);
        add(1);
      });
    expect(failing).toThrow();
    add(2);
    expect(seenBy(other)).toEqual([2]);
  });
});

describe('what is written in a group', () => {
  it('is durable when it is answered, and nobody sees it before', async () => {
    const writes = [1, 2, 3].map((n) => db.grouped(() => add(n)).then(() => seenBy(other)));
    expect(seenBy(db)).toEqual([]);
    expect(await Promise.all(writes)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('fails alone', async () => {
    const twice = () => {
      add(2);
      add(1);
    };
    const answers = await Promise.allSettled([
      db.grouped(() => add(1)),
      db.grouped(twice),
      db.grouped(() => add(3)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seenBy(other)).toEqual([1, 3]);
  });

  it('is told when the group could not be written, and undone', async () => {
    db.exec('PRAGMA foreign_keys = ON; CREATE TABLE c (n REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)');
    const dangling = db.grouped(() => db.run('INSERT INTO c (n) VALUES (7)'));
    const beside = db.grouped(() => add(1));
    await expect(dangling).rejects.toThrow(/FOREIGN KEY/);
    await expect(beside).rejects.toThrow(/FOREIGN KEY/);
    expect(seenBy(db)).toEqual([]);
    add(2);
    expect(seenBy(other)).toEqual([2]);
  });
});
