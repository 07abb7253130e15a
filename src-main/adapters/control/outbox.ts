/** What goes to one client: bounded, so that one that does not read costs little and not for long. */
import type { Socket } from 'node:net';
import type { Hello, Response } from '../../contract/protocol.ts';

/** A client that has taken nothing for this long, while there is something for it, has gone. */
const stalledMs = 60_000;
/** Bytes that a client may leave unread. */
const mostBuffered = 8 * 1024 * 1024;
/** How long a client may take to read the last words. */
const farewellMs = 1000;

export class Outbox {
  readonly #socket: Socket;
  #stalled: NodeJS.Timeout | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    // Each stream and subscription waits for it to drain, and there may be as many as a client may have.
    socket.setMaxListeners(0);
    socket.on('close', () => {
      this.#watch(false);
    });
  }

  /** Is there something that the client has not taken yet? What can wait, waits. */
  get full(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Writes a line; the client is cut off when too much is unread. */
  write(message: Response | Hello): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    if (this.#socket.writableLength > mostBuffered) {
      this.#socket.destroy();
      return;
    }
    const flowing = this.#socket.write(`${JSON.stringify(message)}\n`, () => {
      this.#watch(this.full);
    });
    if (!flowing && this.#stalled === null) this.#watch(true);
  }

  /** Settles when the client has taken everything, or at `signal`. */
  drained(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#socket.on('drain', done);
      signal.addEventListener('abort', done);
    });
  }

  /** Calls `fn` whenever the client has taken everything; returns the end of it. */
  onDrained(fn: () => void): () => void {
    this.#socket.on('drain', fn);
    return () => this.#socket.off('drain', fn);
  }

  /** What was written is still sent. */
  end(): void {
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), farewellMs).unref();
  }

  /** (Re)starts or ends the watch over a client that takes nothing. */
  #watch(on: boolean): void {
    if (this.#stalled !== null) clearTimeout(this.#stalled);
    this.#stalled = on && !this.#socket.destroyed ? this.#cutOffLater() : null;
  }

  #cutOffLater(): NodeJS.Timeout {
    return setTimeout(() => this.#socket.destroy(), stalledMs).unref();
  }
}
