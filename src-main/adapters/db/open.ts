/** Opens the database; one that cannot be used is set aside, never deleted, and a new one is begun. */
import { chmodSync, closeSync, existsSync, lstatSync, openSync, renameSync } from 'node:fs';
import { type Problem, problem, ProblemError } from '../../contract/problem.ts';
import type { Store } from '../../core/ports.ts';
import { connect, type Connection } from './connection.ts';
import { isRunnerRecord } from './journal.ts';
import { migrations } from './migrations.ts';
import { storeOf, storeReader } from './store.ts';

/** Why a database cannot be used: the rest of a sentence that begins with "it". */
class Unusable extends Error {}

/**
 * The store in the file `path` (0600), made when absent. `problem` says where an unusable one was set aside. Throws a
 * ProblemError where no database can be had at all: the folder is not writable, or the disk full.
 */
export function openStore(
  path: string,
  now: () => number = Date.now,
): { store: Store; problem: Problem | null } {
  try {
    return { store: storeOf(opened(path)), problem: null };
  } catch (error) {
    const why = unusable(error, path);
    const aside = setAside(path, now());
    const found = problem(
      'database-set-aside',
      `The database ${path} was set aside as ${aside}, because ${why}. A new one was begun: the history of jobs and what was queued are not in it.`,
      'Jobs that still run are taken up again. Keep the file if you want to recover its history; else delete it.',
      { subject: aside },
    );
    return { store: storeOf(openedAnew(path)), problem: found.problem };
  }
}

function opened(path: string): Connection {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Unusable('it is a folder');
  // Our own file that lost its rights gets them back, which loses less than setting it aside.
  if (existsSync(path)) chmodSync(path, 0o600);
  // Made here, because SQLite would make it readable for others; its companions take this mode over.
  closeSync(openSync(path, 'a', 0o600));
  const db = connect(path);
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    refuseNewer(db);
    refuseDamaged(db);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function openedAnew(path: string): Connection {
  try {
    return opened(path);
  } catch (error) {
    throw error instanceof ProblemError ? error : cannotMake(error, path);
  }
}

function refuseNewer(db: Connection): void {
  const version = versionOf(db);
  if (version > migrations.length)
    throw new Unusable(`it was written by a newer version of Homerunner (its form is ${version})`);
}

/** Damage is looked for once, here: later it would surface in the middle of a job. */
function refuseDamaged(db: Connection): void {
  const found = db.one('PRAGMA quick_check(1)')?.['quick_check'];
  if (found !== 'ok') throw new Unusable(`it is damaged (${String(found)})`);
  if (versionOf(db) === 0) return;
  const reader = storeReader(db);
  try {
    if (!reader.runners().every(isRunnerRecord)) throw new SyntaxError();
    reader.pauses();
    reader.openJobs('local');
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError)
      throw new Unusable('its journal is not readable');
    throw error;
  }
}

function migrate(db: Connection): void {
  for (let version = versionOf(db); version < migrations.length; version += 1) {
    db.transaction(() => {
      db.exec(migrations[version] ?? '');
      db.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

function versionOf(db: Connection): number {
  return db.one('PRAGMA user_version')?.['user_version'] as number;
}

/** In words, where setting it aside is the cure; else throws what is the matter, and the file stays where it is. */
function unusable(error: unknown, path: string): string {
  if (error instanceof ProblemError) throw error;
  if (error instanceof Unusable) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_NOTADB') return 'it is not a database';
  if (/^SQLITE_(CORRUPT|IOERR_SHORT_READ)/.test(code)) return 'it is damaged';
  if (/^(SQLITE_READONLY|EACCES$|EPERM$)/.test(code)) return 'it may not be written';
  if (code === 'SQLITE_ERROR') return 'its tables are not those of Homerunner';
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    throw problem(
      'already-running',
      `Another program is writing to the database ${path}.`,
      'Wait until it is done, or end it, and try again.',
      { subject: path },
    );
  throw cannotMake(error, path);
}

function setAside(path: string, at: number): string {
  const stamp = new Date(at).toISOString().replace(/[:.]/g, '-');
  let aside = `${path}.set-aside-${stamp}`;
  for (let n = 2; existsSync(aside); n += 1) aside = `${path}.set-aside-${stamp}-${n}`;
  try {
    for (const suffix of ['-wal', '-shm', ''])
      if (lstatSync(path + suffix, { throwIfNoEntry: false }) !== undefined)
        renameSync(path + suffix, aside + suffix);
  } catch (error) {
    throw problem(
      'unexpected',
      `The database ${path} cannot be used and cannot be moved either: ${messageOf(error)}.`,
      'Check that the home directory is a folder that you may write to, or choose another with --home.',
      { subject: path },
    );
  }
  return aside;
}

function cannotMake(error: unknown, path: string): ProblemError {
  return problem(
    'unexpected',
    `The database ${path} cannot be opened: ${messageOf(error)}.`,
    'Check that the home directory is a folder that you may write to, or choose another with --home.',
    { subject: path },
  );
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
