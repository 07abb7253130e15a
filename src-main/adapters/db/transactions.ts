/** Transactions that nest, and one that stays open for a moment, so that writes which may wait cost no write to the disk of their own. */
import type Database from 'libsql';

/** How long what was written by `later` may wait for a write that is durable, in milliseconds. */
const laterMs = 50;

export interface Transactions {
  transaction<T>(fn: () => T): T;
  later<T>(fn: () => T): T;
  durable(): Promise<void>;
  /** One statement, which commits what waits. */
  single<T>(fn: () => T): T;
  /** Commits what waits; throws what SQLite throws. */
  flush(): void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** `exec` runs one statement and throws Problems where it can. */
export function transactionsOf(db: Database.Database, exec: (sql: string) => void): Transactions {
  let depth = 0;
  /** The open one that waits; null: there is none. */
  let waiting: { readonly timer: NodeJS.Timeout } | null = null;
  let waiters: Waiter[] = [];

  const close = (error: unknown): void => {
    if (waiting !== null) clearTimeout(waiting.timer);
    waiting = null;
    const told = waiters;
    waiters = [];
    for (const waiter of told) {
      if (error === null) waiter.resolve();
      else waiter.reject(error);
    }
  };
  /** A full disk may end the whole transaction by itself, with all that waited in it. */
  const undo = (back: string, error: unknown): void => {
    if (db.inTransaction) db.exec(back);
    if (!db.inTransaction) close(error);
  };
  const flush = (): void => {
    if (waiting === null) return;
    try {
      exec('COMMIT');
    } catch (error) {
      undo('ROLLBACK', error);
      throw error;
    }
    close(null);
  };
  const quietly = (): void => {
    try {
      flush();
    } catch {
      // Who waited for it was told; for the others it is as if we had been killed before.
    }
  };
  const nested = <T>(begin: string, end: string, back: string, fn: () => T): T => {
    exec(begin);
    depth += 1;
    try {
      const value = fn();
      exec(end);
      return value;
    } catch (error) {
      undo(back, error);
      throw error;
    } finally {
      depth -= 1;
    }
  };
  const part = <T>(fn: () => T): T => {
    const name = `s${depth}`;
    return nested(`SAVEPOINT ${name}`, `RELEASE ${name}`, `ROLLBACK TO ${name}; RELEASE ${name}`, fn);
  };
  return {
    transaction(fn) {
      if (depth > 0) return part(fn);
      if (waiting === null) return nested('BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK', fn);
      const value = part(fn);
      flush();
      return value;
    },
    later(fn) {
      if (depth === 0 && waiting === null) {
        exec('BEGIN IMMEDIATE');
        waiting = { timer: setTimeout(quietly, laterMs) };
      }
      return part(fn);
    },
    durable() {
      if (waiting === null) return Promise.resolve();
      if (waiters.length === 0) setImmediate(quietly);
      return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
    },
    single(fn) {
      if (depth > 0) return fn();
      try {
        const value = fn();
        flush();
        return value;
      } catch (error) {
        if (!db.inTransaction) close(error);
        throw error;
      }
    },
    flush,
  };
}
