/** The port `Store` over one SQLite connection: every write is durable when it returns. */
import type { ForgeId } from '../../contract/job.ts';
import type { AgentJob } from '../../core/agent-port.ts';
import type { JobName, JobRow, Outcome, Store, StoredPause, UnnamedJob } from '../../core/ports.ts';
import type { RunnerRecord } from '../../core/runner.ts';
import type { Connection, Row, Value } from './connection.ts';
import { historyReader, historyWriter } from './history.ts';
import { fromJson, jobColumns, jobRow, jobValues, toJson } from './rows.ts';

/** What can be asked without writing: for commands that run beside a supervisor, or without one. */
type StoreReader = Pick<
  Store,
  | 'runners'
  | 'runner'
  | 'job'
  | 'jobs'
  | 'openJobs'
  | 'jobsBeyond'
  | 'refs'
  | 'unnamed'
  | 'pauses'
  | 'events'
  | 'spanEvents'
  | 'jobsBetween'
  | 'meta'
  | 'close'
>;

const open = `state IN ('queued', 'assigned', 'running')`;

const insertJobSql = `INSERT INTO jobs (${jobColumns.join(', ')}) VALUES (${jobColumns.map(() => '?').join(', ')})`;
const endJobSql = `
  UPDATE jobs SET state = ?, exit_code = ?, result = ?, ended_by = ?, ended_at = ?,
    peak_cpu = ?, peak_memory_mib = ?, problem = ?
  WHERE id = ? AND ${open}`;

/** Those of an older version know no forges elsewhere. */
function recordOf(json: Value | undefined): RunnerRecord {
  return {
    account: null,
    group: null,
    madeFor: null,
    ...(fromJson(json) as Omit<RunnerRecord, 'account' | 'group' | 'madeFor'>),
  };
}

export function storeReader(db: Connection): StoreReader {
  return {
    runners: () => db.all('SELECT record FROM runners').map((row) => recordOf(row['record'])),
    runner(name) {
      const row = db.one('SELECT record FROM runners WHERE name = ?', name);
      return row === null ? null : recordOf(row['record']);
    },
    job(id) {
      const row = db.one('SELECT * FROM jobs WHERE id = ?', id);
      return row === null ? null : jobRow(row);
    },
    jobs(limit) {
      const rows = db.all('SELECT * FROM jobs ORDER BY seq DESC LIMIT ?', limit).map(jobRow);
      return { rows, total: count(db) };
    },
    openJobs: (forge: ForgeId) =>
      db.all(`SELECT * FROM jobs WHERE forge = ? AND ${open} ORDER BY seq`, forge).map(jobRow),
    jobsBeyond: (keep) =>
      count(db) <= keep
        ? []
        : db
            .all(
              `SELECT id FROM (SELECT seq, id, state FROM jobs ORDER BY seq DESC LIMIT -1 OFFSET ?)
               WHERE NOT (${open}) ORDER BY seq`,
              keep,
            )
            .map((row) => row['id'] as string),
    refs: (job) =>
      (job === undefined
        ? db.all('SELECT repository, ref, job FROM refs')
        : db.all('SELECT repository, ref, job FROM refs WHERE job = ?', job)
      ).map(refRow),
    unnamed: () =>
      db.all('SELECT job, record, told FROM unnamed ORDER BY rowid').map((row) => ({
        job: row['job'] as string,
        record: recordOf(row['record']),
        told: fromJson(row['told']) as AgentJob,
      })),
    pauses: () => db.all('SELECT pause FROM pauses').map((row) => fromJson(row['pause']) as StoredPause),
    ...historyReader(db),
    meta: (key) =>
      (db.one('SELECT value FROM meta WHERE key = ?', key)?.['value'] as string | undefined) ?? null,
    close() {
      db.close();
    },
  };
}

export function storeOf(db: Connection): Store {
  return {
    ...storeReader(db),
    ...jobWrites(db),
    ...nameWrites(db),
    ...otherWrites(db),
    ...historyWriter(db),
    close: closeOf(db),
  };
}

function jobWrites(db: Connection) {
  return {
    insertJob(row: JobRow) {
      db.run(insertJobSql, ...jobValues(row));
    },
    assignJob: (id: string, pool: string, runner: string) =>
      db.run(
        `UPDATE jobs SET state = 'assigned', pool = ?, runner = ? WHERE id = ? AND state = 'queued'`,
        pool,
        runner,
        id,
      ) > 0,
    startJob: (id: string, runner: string, at: number, deadline: number | null) =>
      db.run(
        `UPDATE jobs SET state = 'running', started_at = ?, deadline = ?
         WHERE id = ? AND runner = ? AND state = 'assigned'`,
        at,
        deadline,
        id,
        runner,
      ) > 0,
    endJob: (id: string, o: Outcome) =>
      db.run(
        endJobSql,
        o.state,
        o.exitCode,
        o.result,
        o.endedBy,
        o.endedAt,
        o.peak.cpu,
        o.peak.memoryMiB,
        toJson(o.problem),
        id,
      ) > 0,
    requestCancel(id: string) {
      db.run(`UPDATE jobs SET cancel_requested = 1 WHERE id = ? AND ${open}`, id);
    },
    linkRetry(id: string, retriedAs: string) {
      db.run('UPDATE jobs SET retried_as = ? WHERE id = ?', retriedAs, id);
    },
    deleteJob(id: string) {
      db.run(`DELETE FROM jobs WHERE id = ? AND NOT (${open})`, id);
    },
  };
}

function nameWrites(db: Connection) {
  const deleteUnnamed = (job: string): void => void db.run('DELETE FROM unnamed WHERE job = ?', job);
  return {
    putUnnamed({ job, record, told }: UnnamedJob) {
      db.run(
        `INSERT INTO unnamed (job, record, told) VALUES (?, ?, ?)
         ON CONFLICT (job) DO UPDATE SET record = excluded.record, told = excluded.told`,
        job,
        JSON.stringify(record),
        JSON.stringify(told),
      );
    },
    deleteUnnamed,
    nameJob: (id: string, { id: named, name, url, labels, createdAt }: JobName) =>
      db.transaction(() => {
        deleteUnnamed(id);
        const sql = 'UPDATE jobs SET id = ?, name = ?, url = ?, labels = ?, created_at = ? WHERE id = ?';
        return db.run(sql, named, name, url, JSON.stringify(labels), createdAt, id) > 0;
      }),
  };
}

function otherWrites(db: Connection) {
  return {
    transaction: <T>(fn: () => T): T => db.transaction(fn),
    later: <T>(fn: () => T): T => db.later(fn),
    grouped: <T>(fn: () => T): Promise<T> => db.grouped(fn),
    putRunner(record: RunnerRecord) {
      db.run(
        'INSERT OR REPLACE INTO runners (name, pool, forge, job, record) VALUES (?, ?, ?, ?, ?)',
        record.name,
        record.pool,
        record.forge,
        record.job,
        JSON.stringify(record),
      );
    },
    deleteRunner(name: string) {
      db.run('DELETE FROM runners WHERE name = ?', name);
    },
    putRef(repository: string, ref: string, job: string) {
      db.run('INSERT OR REPLACE INTO refs (repository, ref, job) VALUES (?, ?, ?)', repository, ref, job);
    },
    deleteRef(repository: string, ref: string) {
      db.run('DELETE FROM refs WHERE repository = ? AND ref = ?', repository, ref);
    },
    putPause(pause: StoredPause) {
      db.run(
        'INSERT OR REPLACE INTO pauses (pool, pause) VALUES (?, ?)',
        pause.pool ?? '',
        JSON.stringify(pause),
      );
    },
    deletePause: (pool: string | null) => db.run('DELETE FROM pauses WHERE pool = ?', pool ?? '') > 0,
    setMeta(key: string, value: string) {
      db.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, value);
    },
  };
}

/** Folds the log into the database, so that one file holds all; a reader beside us may be in the way, which is no harm. */
function closeOf(db: Connection): () => void {
  return () => {
    try {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // What is in the log is durable as it is.
    }
    db.close();
  };
}

function count(db: Connection): number {
  return (db.one('SELECT count(*) AS n FROM jobs')?.['n'] as number | undefined) ?? 0;
}

function refRow(row: Row): { repository: string; ref: string; job: string } {
  return { repository: row['repository'] as string, ref: row['ref'] as string, job: row['job'] as string };
}
