/** Transactions that nest, and one that stays open for a moment, so that writes which may wait cost no write to the disk of their own. */
import type Database from 'libsql';

/** How long what was written by `later` may wait for a write that is durable, in milliseconds. */
const laterMs = 50;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Transactions {
  readonly #db: Database.Database;
  readonly #exec: (sql: string) => void;
  #depth = 0;
  /** Of the transaction that waits for a durable write; null: there is none. */
  #timer: NodeJS.Timeout | null = null;
  #waiters: Waiter[] = [];

  /** `exec` runs one statement and throws Problems where it can. */
  constructor(db: Database.Database, exec: (sql: string) => void) {
    this.#db = db;
    this.#exec = exec;
  }

  /** Durable when it returns, with all that waits. */
  transaction<T>(fn: () => T): T {
    if (this.#depth > 0) return this.#part(fn);
    if (this.#timer === null) return this.#nested('BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK', fn);
    const value = this.#part(fn);
    this.flush();
    return value;
  }

  later<T>(fn: () => T): T {
    if (this.#depth === 0 && this.#timer === null) {
      this.#exec('BEGIN IMMEDIATE');
      this.#timer = setTimeout(() => {
        this.#quietly();
      }, laterMs);
    }
    return this.#part(fn);
  }

  durable(): Promise<void> {
    if (this.#timer === null) return Promise.resolve();
    if (this.#waiters.length === 0)
      setImmediate(() => {
        this.#quietly();
      });
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** One statement, durable when it returns, with all that waits. */
  single<T>(fn: () => T): T {
    if (this.#depth > 0) return fn();
    try {
      const value = fn();
      this.flush();
      return value;
    } catch (error) {
      this.#lost(error);
      throw error;
    }
  }

  /** Makes durable what waits; throws what SQLite throws. */
  flush(): void {
    if (this.#timer === null) return;
    try {
      this.#exec('COMMIT');
    } catch (error) {
      this.#undo('ROLLBACK', error);
      throw error;
    }
    for (const waiter of this.#over()) waiter.resolve();
  }

  #quietly(): void {
    try {
      this.flush();
    } catch {
      // Who waited for it was told; for the others it is as if we had been killed before.
    }
  }

  #part<T>(fn: () => T): T {
    const name = `s${this.#depth}`;
    return this.#nested(`SAVEPOINT ${name}`, `RELEASE ${name}`, `ROLLBACK TO ${name}; RELEASE ${name}`, fn);
  }

  #nested<T>(begin: string, end: string, back: string, fn: () => T): T {
    this.#exec(begin);
    this.#depth += 1;
    try {
      const value = fn();
      this.#exec(end);
      return value;
    } catch (error) {
      this.#undo(back, error);
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  #undo(back: string, error: unknown): void {
    if (this.#db.inTransaction) this.#db.exec(back);
    this.#lost(error);
  }

  /** A full disk may end the whole transaction by itself, with all that waited in it. */
  #lost(error: unknown): void {
    if (!this.#db.inTransaction) for (const waiter of this.#over()) waiter.reject(error);
  }

  #over(): Waiter[] {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const waiters = this.#waiters;
    this.#waiters = [];
    return waiters;
  }
}
