/** SupervisorApi over the control socket: what the CLI, and a window beside a headless supervisor, speak through. */
import net from 'node:net';
import type { StreamArgs, StreamItems, StreamName, SupervisorApi } from '../../contract/api.ts';
import type { CommandArgs, CommandName, CommandResults } from '../../contract/commands.ts';
import { type Answer, type Problem, problem, ProblemError } from '../../contract/problem.ts';
import { protocolVersion } from '../../contract/protocol.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import type { Endpoint } from './endpoint.ts';
import { Lines } from './lines.ts';

/** How long the supervisor may take to say hello, milliseconds: it may be busy, or stopped by a debugger. */
const helloMs = 10_000;
/** Answers are whole snapshots and lists: longer than a request may be. */
const longestAnswer = 64 * 1024 * 1024;

/** Items of a stream that arrive before they are asked for. */
const mostAhead = 64;

export interface ControlClient extends SupervisorApi {
  /** Settles when the connection has ended, from either side. */
  readonly closed: Promise<void>;
  close(): void;
}

/** The answer to "is anybody there": a Problem `no-supervisor`. */
export function noSupervisor(): ProblemError {
  return problem(
    'no-supervisor',
    'No supervisor runs for this home.',
    'Start one with `homerunner run`, in another terminal or in the background.',
  );
}

function unreachable(code: string): ProblemError {
  if (code === 'EACCES' || code === 'EPERM')
    return problem(
      'forbidden',
      'The supervisor of this home belongs to another user.',
      'Run this as that user, or choose another home with --home.',
    );
  return code === 'EAGAIN' ? new ProblemError(silent) : noSupervisor();
}

const silent: Problem = {
  code: 'no-supervisor',
  message: 'The supervisor accepts connections but does not answer.',
  hint: 'It may be stopped (SIGSTOP) or overloaded: try again, or end it and start it again.',
};

const connectionLost: Problem = {
  code: 'no-supervisor',
  message: 'The connection to the supervisor was lost.',
  hint: 'It may have been stopped: see `homerunner status`, and start it again with `homerunner run`.',
};

/** Connects and greets; throws `no-supervisor` where nobody listens. */
export async function connect(
  endpoint: Endpoint,
  identity: { version: string; pid: number },
): Promise<ControlClient> {
  const socket = net.connect(endpoint.path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      reject(unreachable(error.code ?? ''));
    });
  });
  const client = new Client(socket, identity.version);
  const hello = { hello: 'homerunner', protocol: protocolVersion, ...identity };
  socket.write(
    `${JSON.stringify(endpoint.secret === null ? hello : { ...hello, secret: endpoint.secret })}\n`,
  );
  await client.greeted(helloMs);
  return client;
}

interface Message {
  readonly id?: number | null;
  readonly hello?: string;
  readonly protocol?: number;
  readonly version?: string;
  readonly value?: unknown;
  readonly snapshot?: Snapshot;
  readonly item?: unknown;
  readonly end?: true;
  readonly problem?: Problem;
}

function otherProtocol(hello: Message, version: string): Problem {
  return {
    code: 'unexpected',
    message: `The running supervisor (version ${hello.version ?? 'unknown'}) speaks protocol ${hello.protocol ?? 'unknown'}, this program (version ${version}) protocol ${protocolVersion}.`,
    hint: 'Stop the supervisor, and start it again with the installed version.',
  };
}

class Client implements ControlClient {
  readonly closed: Promise<void>;
  readonly #socket: net.Socket;
  readonly #lines = new Lines(longestAnswer);
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #version: string;
  #nextId = 1;
  #greet: ((problem: Problem | null) => void) | null = null;
  #refusal: Problem | null = null;
  #open = true;

  constructor(socket: net.Socket, version: string) {
    this.#socket = socket;
    this.#version = version;
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#open = false;
        const last = this.#refusal ?? connectionLost;
        this.#greet?.(last);
        for (const tell of this.#waiting.values()) tell({ problem: last });
        this.#waiting.clear();
        resolve();
      });
    });
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      this.#read(data);
    });
  }

  greeted(limitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#greet?.(silent);
        this.#socket.destroy();
      }, limitMs);
      this.#greet = (failure) => {
        clearTimeout(timer);
        this.#greet = null;
        if (failure === null) resolve();
        else reject(new ProblemError(failure));
      };
    });
  }

  close(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  async snapshot(): Promise<Snapshot> {
    const message = await this.#ask({ do: 'snapshot' });
    if (message.snapshot !== undefined) return message.snapshot;
    throw new ProblemError(message.problem ?? connectionLost);
  }

  subscribe(fn: (snapshot: Snapshot) => void): () => void {
    const id = this.#nextId++;
    this.#waiting.set(id, (message) => {
      if (message.snapshot !== undefined) fn(message.snapshot);
    });
    this.#write({ id, do: 'subscribe' });
    return () => {
      this.#waiting.delete(id);
      this.#write({ id, do: 'cancel' });
    };
  }

  async execute<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<Answer<CommandResults[K]>> {
    const message = await this.#ask({ do: 'execute', name, args });
    return message.problem === undefined
      ? { ok: true, value: message.value as CommandResults[K] }
      : { ok: false, problem: message.problem };
  }

  async *stream<K extends StreamName>(
    name: K,
    args: StreamArgs<K>,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItems[K]> {
    if (!this.#open) throw new ProblemError(connectionLost);
    const id = this.#nextId++;
    const arrived: Message[] = [];
    let wake: (() => void) | null = null;
    this.#waiting.set(id, (message) => {
      arrived.push(message);
      // Nothing more is read, on this whole connection, until the reader of this stream has caught up.
      if (arrived.length >= mostAhead) this.#socket.pause();
      wake?.();
    });
    const onAbort = (): void => wake?.();
    signal.addEventListener('abort', onAbort);
    this.#write({ id, do: 'stream', name, args });
    try {
      while (!signal.aborted) {
        const message = arrived.shift();
        if (arrived.length === 0) this.#socket.resume();
        if (message === undefined) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        if (message.problem !== undefined) throw new ProblemError(message.problem);
        if (message.end === true) return;
        yield message.item as StreamItems[K];
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#waiting.delete(id);
      this.#write({ id, do: 'cancel' });
      this.#socket.resume();
    }
  }

  #ask(request: object): Promise<Message> {
    if (!this.#open) return Promise.resolve({ problem: this.#refusal ?? connectionLost });
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#waiting.set(id, (message) => {
        this.#waiting.delete(id);
        resolve(message);
      });
      this.#write({ id, ...request });
    });
  }

  #write(message: object): void {
    if (this.#open && this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #read(data: Buffer): void {
    const lines = this.#lines.push(data);
    if (lines === null) {
      this.#socket.destroy();
      return;
    }
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      this.#socket.destroy();
      return;
    }
    if (message.hello !== undefined) {
      this.#greet?.(message.protocol === protocolVersion ? null : otherProtocol(message, this.#version));
      return;
    }
    if (message.id === null && message.problem !== undefined) {
      this.#refusal = message.problem;
      this.#greet?.(message.problem);
      return;
    }
    if (typeof message.id === 'number') this.#waiting.get(message.id)?.(message);
  }
}
