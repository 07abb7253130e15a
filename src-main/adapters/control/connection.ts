/** One client of the control socket, from its hello to its end. */
import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import * as v from 'valibot';
import { type StreamName, type SupervisorApi, streamSchemas } from '../../contract/api.ts';
import { isCommandName, parseCommandArgs } from '../../contract/commands.ts';
import { type Problem, problem, problemOf } from '../../contract/problem.ts';
import {
  HelloSchema,
  longestLine,
  protocolVersion,
  type Request,
  RequestSchema,
  type Response,
} from '../../contract/protocol.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import type { Endpoint } from './endpoint.ts';
import { Lines } from './lines.ts';
import { Outbox } from './outbox.ts';

/** A client that has not said hello by then is none. */
const helloMs = 5000;
/** Who has not said hello gets no room for more than is read at once, which may hold a hello and what follows it. */
const longestHello = 64 * 1024;
/** Unfinished lines of all clients together, in bytes; a request of any command fits many times over. */
const mostUnfinished = 16 * 1024 * 1024;
/** Requests of one client that are answered at the same time; the socket is not read on until one is done. */
const mostInFlight = 64;

/** What the clients of one server have sent of lines whose end has not come. */
export interface Unfinished {
  bytes: number;
}

/** Who answers, as its hello says. */
export interface ServerIdentity {
  readonly version: string;
  readonly pid: number;
}

export class Connection {
  readonly #socket: Socket;
  readonly #out: Outbox;
  readonly #api: SupervisorApi;
  readonly #endpoint: Endpoint;
  readonly #identity: ServerIdentity;
  readonly #lines = new Lines(longestHello);
  readonly #unfinished: Unfinished;
  #pending = 0;
  readonly #running = new Map<number, AbortController>();
  #greeted = false;
  #refused = false;
  #inFlight = 0;
  #queue: string[] = [];

  constructor(
    socket: Socket,
    api: SupervisorApi,
    endpoint: Endpoint,
    identity: ServerIdentity,
    unfinished: Unfinished,
    closed: () => void,
  ) {
    this.#unfinished = unfinished;
    this.#socket = socket;
    this.#out = new Outbox(socket);
    this.#api = api;
    this.#endpoint = endpoint;
    this.#identity = identity;
    const noHello = setTimeout(() => socket.destroy(), helloMs).unref();
    socket.on('data', (data) => {
      this.#read(data);
      if (this.#greeted) clearTimeout(noHello);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(noHello);
      this.#hold(0);
      for (const running of this.#running.values()) running.abort();
      closed();
    });
    this.#out.write({ hello: 'homerunner', protocol: protocolVersion, ...identity });
  }

  /** Says goodbye: what was written is still sent. */
  end(): void {
    for (const running of this.#running.values()) running.abort();
    this.#out.end();
  }

  #read(data: Buffer): void {
    // What a refused client still sends is read and dropped: closed at once, it would not get to read why.
    if (this.#refused) return;
    const lines = this.#lines.push(data);
    if (lines === null) {
      const longest = this.#greeted ? longestLine : longestHello;
      this.#refuse(
        problem('usage', `A line is longer than ${longest} bytes.`, 'Send one request a line.').problem,
      );
      return;
    }
    this.#hold(this.#lines.pending);
    if (this.#unfinished.bytes > mostUnfinished) {
      this.#refuse(
        problem('usage', 'The clients have sent too much of lines without an end.', 'Try again later.')
          .problem,
      );
      return;
    }
    this.#queue.push(...lines);
    this.#work();
  }

  #hold(pending: number): void {
    this.#unfinished.bytes += pending - this.#pending;
    this.#pending = pending;
  }

  /** Takes on queued lines, as many at a time as are allowed; the rest waits, and the client with it. */
  #work(): void {
    while (this.#inFlight < mostInFlight) {
      const line = this.#queue.shift();
      if (line === undefined) {
        this.#socket.resume();
        return;
      }
      if (!this.#take(line)) return;
    }
    this.#socket.pause();
  }

  #take(line: string): boolean {
    const json = parsed(line);
    if (!this.#greeted) return this.#greet(json);
    const request = v.safeParse(RequestSchema, json);
    if (request.success) {
      this.#answer(request.output);
      return true;
    }
    const id = isRecord(json) && typeof json['id'] === 'number' ? json['id'] : null;
    const { message } = request.issues[0];
    this.#send({
      id,
      problem: problem(
        'usage',
        `A request could not be understood: ${message}.`,
        'Each line is one request as JSON.',
      ).problem,
    });
    return true;
  }

  #greet(json: unknown): boolean {
    const hello = v.safeParse(HelloSchema, json);
    if (!hello.success) {
      this.#refuse(
        problem('usage', 'The first line must be a hello.', 'Speak to it with `homerunner`.').problem,
      );
      return false;
    }
    if (hello.output.protocol !== protocolVersion) {
      this.#refuse(
        problem(
          'usage',
          `The running supervisor (version ${this.#identity.version}) speaks protocol ${protocolVersion}, this program (version ${hello.output.version}) protocol ${hello.output.protocol}.`,
          'Stop the supervisor and start it again with the installed version.',
        ).problem,
      );
      return false;
    }
    if (this.#endpoint.secret !== null && !sameSecret(this.#endpoint.secret, hello.output.secret ?? '')) {
      this.#refuse(
        problem(
          'forbidden',
          'The hello does not carry the secret of this home.',
          'Run it as the owner of the home.',
        ).problem,
      );
      return false;
    }
    this.#greeted = true;
    this.#lines.allow(longestLine);
    return true;
  }

  #answer(request: Request): void {
    switch (request.do) {
      case 'execute':
        this.#busy(this.#execute(request.id, request.name, request.args));
        return;
      case 'snapshot':
        this.#busy(
          this.#api.snapshot().then(
            (snapshot) => {
              this.#send({ id: request.id, snapshot });
            },
            (error: unknown) => {
              this.#send({ id: request.id, problem: problemOf(error) });
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
      this.#send({ id: request.id, problem: full });
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
      this.#work();
    });
  }

  async #execute(id: number, name: string, args: unknown): Promise<void> {
    try {
      if (!isCommandName(name)) {
        throw problem('usage', `There is no command ${name}.`, 'See `homerunner --help`.');
      }
      const answer = await this.#api.execute(name, parseCommandArgs(name, args));
      this.#send(answer.ok ? { id, value: answer.value } : { id, problem: answer.problem });
    } catch (error) {
      this.#send({ id, problem: problemOf(error) });
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
      this.#send({ id, snapshot });
    };
    this.#socket.on('drain', flush);
    const unsubscribe = this.#api.subscribe((snapshot) => {
      newest = snapshot;
      flush();
    });
    abort.signal.addEventListener('abort', () => {
      unsubscribe();
      this.#socket.off('drain', flush);
      this.#finish(id, abort);
    });
  }

  async #stream(id: number, name: string, args: unknown): Promise<void> {
    const abort = this.#begin(id);
    try {
      const stream = streamName(name);
      const parsedArgs = v.parse(streamSchemas[stream], args);
      for await (const item of this.#api.stream(stream, parsedArgs, abort.signal)) {
        this.#send({ id, item });
        if (this.#out.full) await this.#out.drained(abort.signal);
        if (abort.signal.aborted) break;
      }
      this.#send({ id, end: true });
    } catch (error) {
      const wrong =
        error instanceof v.ValiError
          ? problem('usage', `${name}: ${error.message}.`, 'See `homerunner --help`.').problem
          : problemOf(error);
      this.#send({ id, problem: wrong });
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

  #send(response: Response): void {
    this.#out.write(response);
  }

  #refuse(why: Problem): void {
    this.#refused = true;
    this.#queue = [];
    this.#lines.clear();
    this.#hold(0);
    this.#send({ id: null, problem: why });
    this.#out.end();
  }
}

function streamName(name: string): StreamName {
  if (Object.hasOwn(streamSchemas, name)) return name as StreamName;
  throw problem('usage', `There is no stream ${name}.`, 'See `homerunner --help`.');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && left.length > 0 && timingSafeEqual(left, right);
}
