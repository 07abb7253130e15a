/** A supervisor in memory behind a real socket, in a folder that goes afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { StreamArgs, StreamItems, StreamName, SupervisorApi } from '../../contract/api.ts';
import type { CommandArgs, CommandName, CommandResults } from '../../contract/commands.ts';
import { type Answer, problem } from '../../contract/problem.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import { type ControlClient, connect } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { type ControlServer, serve } from './server.ts';

export const identity = { version: '1.2.3', pid: 42 };

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Answers `runner.list` and streams what it is given; counts what is asked of it. */
export class MemorySupervisor implements SupervisorApi {
  readonly executed: string[] = [];
  readonly subscribers = new Set<(snapshot: Snapshot) => void>();
  readonly signals: AbortSignal[] = [];
  readonly streamed: string[] = [];
  /** What `execute` waits for. */
  gate: Promise<unknown> = Promise.resolve();
  inFlight = 0;
  mostInFlight = 0;
  items: () => AsyncIterable<unknown> | Iterable<unknown> = () => [];

  snapshot(): Promise<Snapshot> {
    return Promise.resolve(snapshotOf(1));
  }

  subscribe(fn: (snapshot: Snapshot) => void): () => void {
    this.subscribers.add(fn);
    fn(snapshotOf(0));
    return () => this.subscribers.delete(fn);
  }

  publish(snapshot: Snapshot): void {
    for (const fn of this.subscribers) fn(snapshot);
  }

  async execute<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<Answer<CommandResults[K]>> {
    this.executed.push(`${name} ${JSON.stringify(args)}`);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await this.gate;
    this.inFlight -= 1;
    if (name === 'pool.remove') {
      return { ok: false, problem: problem('not-found', 'There is no such pool.', 'See the list.').problem };
    }
    return { ok: true, value: { runners: [] } as unknown as CommandResults[K] };
  }

  async *stream<K extends StreamName>(
    name: K,
    args: StreamArgs<K>,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItems[K]> {
    this.signals.push(signal);
    this.streamed.push(`${name} ${JSON.stringify(args)}`);
    if ('job' in args && args.job === 'none')
      throw problem('not-found', 'There is no job called none.', 'See the list.');
    for await (const item of this.items()) yield item as StreamItems[K];
  }
}

/** A snapshot in which only its number, and perhaps its size, counts here. */
export function snapshotOf(version: number, sentence = ''): Snapshot {
  return { schema: 1, version, sentence } as Snapshot;
}

export let folder: string;
export let endpoint: Endpoint;
export let supervisor: MemorySupervisor;
export let server: ControlServer;
let opened: { destroy?: () => unknown; close?: () => unknown }[] = [];

/** Serves a new supervisor for each test. */
export function useServer(): void {
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'hr-control-'));
    endpoint = { path: path.join(folder, 's.sock'), hash: '00000000', uid: 0, secret: null };
    supervisor = new MemorySupervisor();
    server = await serve(supervisor, endpoint, identity, silent);
  });
  afterEach(async () => {
    for (const one of opened) (one.destroy ?? one.close)?.call(one);
    opened = [];
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

/** Serves the same supervisor again, at another endpoint or the same one. */
export async function serveAgain(at: Endpoint): Promise<void> {
  server = await serve(supervisor, at, identity, silent);
}

export async function client(at: Endpoint = endpoint): Promise<ControlClient> {
  const made = await connect(at, { version: '1.2.3', pid: process.pid });
  opened.push(made);
  return made;
}

/** A client that keeps no rules. */
export class RawClient {
  readonly socket: net.Socket;
  text = '';

  constructor() {
    this.socket = net.connect(endpoint.path);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (data) => (this.text += data.toString()));
    opened.push(this.socket);
  }

  send(...lines: readonly (string | object)[]): this {
    for (const line of lines) {
      this.socket.write(typeof line === 'string' ? `${line}\n` : `${JSON.stringify(line)}\n`);
    }
    return this;
  }

  hello(protocol = 1): this {
    return this.send({ hello: 'homerunner', protocol, version: '9.9.9', pid: 1 });
  }

  get messages(): Record<string, unknown>[] {
    const lines = this.text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** The problems that were answered. */
  get problems(): { code: string; message: string; hint: string }[] {
    return this.messages.flatMap((m) => ('problem' in m ? [m['problem'] as never] : []));
  }

  get ended(): boolean {
    return this.socket.readableEnded || this.socket.destroyed;
  }
}
