/** Answers what a client asks once it has said hello. */
import * as v from 'valibot';
import { type StreamName, type SupervisorApi, streamSchemas } from '../../contract/api.ts';
import { isCommandName, parseCommandArgs } from '../../contract/commands.ts';
import { problem, problemOf } from '../../contract/problem.ts';
import type { Request } from '../../contract/protocol.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import type { Outbox } from './outbox.ts';

/** Requests of one client that are answered at the same time, and its streams. */
const mostInFlight = 64;

export class Requests {
  readonly #api: SupervisorApi;
  readonly #out: Outbox;
  /** Called when one more may be taken on. */
  readonly #free: () => void;
  readonly #running = new Map<number, AbortController>();
  #inFlight = 0;

  constructor(api: SupervisorApi, out: Outbox, free: () => void) {
    this.#api = api;
    this.#out = out;
    this.#free = free;
  }

  /** No further one is taken on until one is done. */
  get full(): boolean {
    return this.#inFlight >= mostInFlight;
  }

  /** Ends subscriptions and streams. */
  abort(): void {
    for (const running of this.#running.values()) running.abort();
  }

  answer(request: Request): void {
    switch (request.do) {
      case 'execute':
        this.#busy(this.#execute(request.id, request.name, request.args));
        return;
      case 'snapshot':
        this.#busy(
          this.#api.snapshot().then(
            (snapshot) => {
              this.#out.write({ id: request.id, snapshot });
            },
            (error: unknown) => {
              this.#out.write({ id: request.id, problem: problemOf(error) });
            },
          ),
        );
        return;
      case 'subscribe':
      case 'stream':
        this.#open(request);
        return;
      case 'cancel':
        this.#running.get(request.id)?.abort();
    }
  }

  #open(request: Extract<Request, { do: 'subscribe' | 'stream' }>): void {
    if (this.#running.size >= mostInFlight) {
      const { problem: full } = problem(
        'usage',
        'This client has too many streams open.',
        'End some of them first.',
      );
      this.#out.write({ id: request.id, problem: full });
    } else if (request.do === 'subscribe') {
      this.#subscribe(request.id);
    } else {
      void this.#stream(request.id, request.name, request.args);
    }
  }

  #busy(work: Promise<void>): void {
    this.#inFlight += 1;
    void work.finally(() => {
      this.#inFlight -= 1;
      this.#free();
    });
  }

  async #execute(id: number, name: string, args: unknown): Promise<void> {
    try {
      if (!isCommandName(name)) {
        throw problem('usage', `There is no command ${name}.`, 'See `homerunner --help`.');
      }
      const answer = await this.#api.execute(name, parseCommandArgs(name, args));
      this.#out.write(answer.ok ? { id, value: answer.value } : { id, problem: answer.problem });
    } catch (error) {
      this.#out.write({ id, problem: problemOf(error) });
    }
  }

  /** A client that reads slowly gets the newest snapshot when it has read the one before, never a backlog. */
  #subscribe(id: number): void {
    const abort = this.#begin(id);
    let newest: Snapshot | null = null;
    const flush = (): void => {
      if (newest === null || this.#out.full) return;
      const snapshot = newest;
      newest = null;
      this.#out.write({ id, snapshot });
    };
    const ignore = this.#out.onDrained(flush);
    const unsubscribe = this.#api.subscribe((snapshot) => {
      newest = snapshot;
      flush();
    });
    abort.signal.addEventListener('abort', () => {
      unsubscribe();
      ignore();
      this.#finish(id, abort);
    });
  }

  async #stream(id: number, name: string, args: unknown): Promise<void> {
    const abort = this.#begin(id);
    try {
      const stream = streamName(name);
      const parsedArgs = v.parse(streamSchemas[stream], args);
      for await (const item of this.#api.stream(stream, parsedArgs, abort.signal)) {
        this.#out.write({ id, item });
        if (this.#out.full) await this.#out.drained(abort.signal);
        if (abort.signal.aborted) break;
      }
      this.#out.write({ id, end: true });
    } catch (error) {
      const wrong =
        error instanceof v.ValiError
          ? problem('usage', `${name}: ${error.message}.`, 'See `homerunner --help`.').problem
          : problemOf(error);
      this.#out.write({ id, problem: wrong });
    } finally {
      this.#finish(id, abort);
    }
  }

  /** Unless the client has used the number again. */
  #finish(id: number, abort: AbortController): void {
    if (this.#running.get(id) === abort) this.#running.delete(id);
  }

  #begin(id: number): AbortController {
    this.#running.get(id)?.abort();
    const abort = new AbortController();
    this.#running.set(id, abort);
    return abort;
  }
}

function streamName(name: string): StreamName {
  if (Object.hasOwn(streamSchemas, name)) return name as StreamName;
  throw problem('usage', `There is no stream ${name}.`, 'See `homerunner --help`.');
}
