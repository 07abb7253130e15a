/** Transactions that nest, and one that stays open for a moment, so that writes which may wait cost no write to the disk of their own. */
import type Database from 'libsql';

/** How long what was written by `later` may wait for a write that is durable, in milliseconds. */
const laterMs = 50;

interface Unit {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class Transactions {
  readonly #db: Database.Database;
  readonly #exec: (sql: string) => void;
  #depth = 0;
  /** Of the transaction that waits for a durable write; null: there is none. */
  #timer: NodeJS.Timeout | null = null;
  #units: Unit[] = [];

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

  /** See `Store.later`. */
  later<T>(fn: () => T): T {
    if (this.#depth === 0 && this.#timer === null) {
      this.#exec('BEGIN IMMEDIATE');
      this.#timer = setTimeout(() => {
        this.#quietly();
      }, laterMs);
    }
    return this.#part(fn);
  }

  /** Each `fn` is all or nothing by itself; those of one moment share one write to the disk. */
  grouped<T>(fn: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#units.length === 0)
        setImmediate(() => {
          this.#runUnits();
        });
      this.#units.push({ run: fn, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #runUnits(): void {
    const units = this.#units;
    this.#units = [];
    const done: (() => void)[] = [];
    try {
      this.transaction(() => {
        for (const { run, resolve, reject } of units) {
          try {
            const value = this.#part(run);
            done.push(() => {
              resolve(value);
            });
          } catch (error) {
            reject(error);
            if (!this.#db.inTransaction) throw error;
          }
        }
      });
    } catch (error) {
      // Settled before is settled: this tells those that were done, and now are not.
      for (const { reject } of units) reject(error);
      return;
    }
    for (const resolve of done) resolve();
  }

  /** One statement, durable when it returns, with all that waits. */
  single<T>(fn: () => T): T {
    if (this.#depth > 0) return fn();
    try {
      const value = fn();
      this.flush();
      return value;
    } catch (error) {
      this.#lost();
      throw error;
    }
  }

  /** Makes durable what waits; throws what SQLite throws. */
  flush(): void {
    if (this.#timer === null) return;
    try {
      this.#exec('COMMIT');
    } catch (error) {
      this.#undo('ROLLBACK');
      throw error;
    }
    this.#over();
  }

  #quietly(): void {
    try {
      this.flush();
    } catch {
      // It is as if we had been killed before.
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
      this.#undo(back);
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  #undo(back: string): void {
    if (this.#db.inTransaction) this.#db.exec(back);
    this.#lost();
  }

  /** A full disk may end the whole transaction by itself, with all that waited in it. */
  #lost(): void {
    if (!this.#db.inTransaction) this.#over();
  }

  #over(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
