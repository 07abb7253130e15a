/** One client of the control socket, from its hello to its end. */
import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import * as v from 'valibot';
import type { SupervisorApi } from '../../contract/api.ts';
import { type Problem, problem } from '../../contract/problem.ts';
import { HelloSchema, longestLine, protocolVersion, RequestSchema } from '../../contract/protocol.ts';
import type { Endpoint } from './endpoint.ts';
import { Lines } from './lines.ts';
import { Outbox } from './outbox.ts';
import { Requests } from './requests.ts';

/** A client that has not said hello by then is none. */
const helloMs = 5000;
/** Who has not said hello gets no room for more than is read at once, which may hold a hello and what follows it. */
const longestHello = 64 * 1024;
/** Unfinished lines of all clients together, in bytes; a request of any command fits many times over. */
const mostUnfinished = 16 * 1024 * 1024;

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
  readonly #endpoint: Endpoint;
  readonly #identity: ServerIdentity;
  readonly #lines = new Lines(longestHello);
  readonly #unfinished: Unfinished;
  #pending = 0;
  readonly #requests: Requests;
  #greeted = false;
  #refused = false;
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
    this.#requests = new Requests(api, this.#out, () => {
      this.#work();
    });
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
      this.#requests.abort();
      closed();
    });
    this.#out.write({ hello: 'homerunner', protocol: protocolVersion, ...identity });
  }

  /** Says goodbye: what was written is still sent. */
  end(): void {
    this.#requests.abort();
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
    while (!this.#requests.full) {
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
      this.#requests.answer(request.output);
      return true;
    }
    const id = isRecord(json) && typeof json['id'] === 'number' ? json['id'] : null;
    const { message } = request.issues[0];
    this.#out.write({
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

  #refuse(why: Problem): void {
    this.#refused = true;
    this.#queue = [];
    this.#lines.clear();
    this.#hold(0);
    this.#out.write({ id: null, problem: why });
    this.#out.end();
  }
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
