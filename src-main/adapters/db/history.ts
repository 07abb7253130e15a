/** The part of the store that tells what happened: events, each kind bounded, and the jobs of a stretch of time. */
import type { Job } from '../../contract/job.ts';
import { isSpanKind } from '../../core/history.ts';
import type { Store, StoredEvent } from '../../core/ports.ts';
import type { Connection, Row } from './connection.ts';
import { jobRow } from './rows.ts';

type HistoryReader = Pick<Store, 'events' | 'spanEvents' | 'jobsBetween'>;

/** Events of a table beyond these are dropped. Of moments that is a day of a busy host, of stretches many years. */
const kept = { events: 20_000, span_events: 10_000 } as const;

/** All of a job but what was asked: a list needs no submissions, which are most of a row. */
const jobOnly = `id, forge, pool, runner, name, url, labels, arch, state, created_at, started_at, ended_at, exit_code,
  result, ended_by, peak_cpu, peak_memory_mib, attempt, retry_of, retried_as`;

const allEvents = `SELECT seq, at, kind, subject, message FROM events
  UNION ALL SELECT seq, at, kind, subject, message FROM span_events`;
/** Beside max(), SQLite takes the other columns from the row that has it. */
const lastBefore = `SELECT seq, max(at) AS at, kind, subject, message FROM span_events WHERE at < ?1
  GROUP BY kind, subject`;

export function historyReader(db: Connection): HistoryReader {
  return {
    events: (since, limit) =>
      db
        .all(`SELECT * FROM (${allEvents}) WHERE at >= ? ORDER BY at, seq LIMIT ?`, since, limit)
        .map(eventRow),
    spanEvents: (from) =>
      db
        .all(
          `SELECT * FROM (SELECT seq, at, kind, subject, message FROM span_events WHERE at >= ?1
           UNION ALL SELECT * FROM (${lastBefore})) ORDER BY at, seq`,
          from,
        )
        .map(eventRow),
    jobsBetween(from, to, limit) {
      const running = db.all(
        `SELECT ${jobOnly} FROM jobs WHERE started_at IS NOT NULL AND ended_at IS NULL AND started_at <= ?
         ORDER BY started_at DESC LIMIT ?`,
        to,
        limit,
      );
      const ended = db.all(
        `SELECT ${jobOnly} FROM jobs WHERE started_at IS NOT NULL AND ended_at >= ? AND started_at <= ?
         ORDER BY ended_at DESC LIMIT ?`,
        from,
        to,
        limit - running.length,
      );
      return [...running, ...ended].map((row) => jobRow(row).job).sort(byStart);
    },
  };
}

const byStart = (a: Job, b: Job) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || (a.id < b.id ? -1 : 1);

export function historyWriter(db: Connection): Pick<Store, 'appendEvent'> {
  return {
    appendEvent({ at, kind, subject, message }) {
      const table = isSpanKind(kind) ? 'span_events' : 'events';
      db.run(
        `INSERT INTO ${table} (at, kind, subject, message) VALUES (?, ?, ?, ?)`,
        at,
        kind,
        subject,
        message,
      );
      db.run(`DELETE FROM ${table} WHERE seq <= (SELECT max(seq) FROM ${table}) - ?`, kept[table]);
    },
  };
}

function eventRow(row: Row): StoredEvent {
  return {
    at: row['at'] as number,
    kind: row['kind'] as StoredEvent['kind'],
    subject: row['subject'] as string | null,
    message: row['message'] as string,
  };
}
