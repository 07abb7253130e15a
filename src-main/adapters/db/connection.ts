/** One connection: statements are kept prepared, transactions nest, and what SQLite says becomes a Problem. */
import Database from 'libsql';
import { problem, ProblemError } from '../../contract/problem.ts';
import { Transactions } from './transactions.ts';

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

export interface Connection {
  /** Runs one statement; the number of changed rows. */
  run(sql: string, ...values: Value[]): number;
  one(sql: string, ...values: Value[]): Row | null;
  all(sql: string, ...values: Value[]): Row[];
  exec(sql: string): void;
  /** All of `fn` or nothing of it; inside another one, a part of that. */
  transaction<T>(fn: () => T): T;
  /**
   * As `transaction`, but durable only with the next write that is, or some milliseconds later; everybody who reads
   * through this connection sees it at once. Lost when this process is killed before.
   */
  later<T>(fn: () => T): T;
  /** As `transaction`, at the end of this turn of the event loop: those who ask in one share one write to the disk. */
  grouped<T>(fn: () => T): Promise<T>;
  close(): void;
}

/** How long a write waits for another process that writes, in milliseconds. */
const busyTimeoutMs = 5000;

/** Opens `path`, a file or a `file:` URI; throws what SQLite throws. */
export function connect(path: string): Connection {
  const db = new Database(path, { timeout: busyTimeoutMs });
  const statements = new Map<string, Database.Statement>();
  const prepared = (sql: string): Database.Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const transactions = new Transactions(db, (sql) => {
    told(() => db.exec(sql));
  });
  return {
    run: (sql, ...values) => transactions.single(() => told(() => prepared(sql).run(values).changes)),
    one: (sql, ...values) => told(() => (prepared(sql).get(values) as Row | undefined) ?? null),
    all: (sql, ...values) => told(() => prepared(sql).all(values) as Row[]),
    exec: (sql) => {
      told(() => db.exec(sql));
    },
    transaction: (fn) => transactions.transaction(fn),
    later: (fn) => transactions.later(fn),
    grouped: (fn) => transactions.grouped(fn),
    close() {
      transactions.flush();
      statements.clear();
      if (db.open) db.close();
    },
  };
}

/** The SQLite result code of anything thrown; null for other errors. */
export function sqliteCode(thrown: unknown): string | null {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' ? code : null;
}

function told<T>(fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    throw isDiskFull(error) ? diskFull(error) : error;
  }
}

/** The second is what SQLite says when it cannot grow the index of its log. */
function isDiskFull(error: unknown): boolean {
  return ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'].includes(sqliteCode(error) ?? '');
}

function diskFull(cause: unknown): ProblemError {
  const { problem: full } = problem(
    'disk-reserve',
    'The disk that holds the database is full: nothing can be recorded, so nothing new is begun.',
    'Free some space on the volume of the home directory; work goes on by itself.',
  );
  return new ProblemError(full, { cause });
}
