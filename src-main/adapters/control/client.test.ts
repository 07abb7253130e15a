import { mkdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import {
  client,
  endpoint,
  folder,
  server,
  serveAgain,
  snapshotOf,
  supervisor,
  useServer,
} from './control.test-kit.ts';

useServer();

const settled = { timeout: 10_000, interval: 5 };
const log = { job: 'j', runner: null, cursor: 0, follow: true };

test('commands, snapshots, streams and problems come through as they are', async () => {
  supervisor.items = () => [
    { data: 'YQ==', cursor: 1, skipped: 0 },
    { data: 'Yg==', cursor: 2, skipped: 5 },
  ];
  const api = await client();
  expect(await api.execute('runner.list', {})).toEqual({ ok: true, value: { runners: [] } });
  expect(await api.execute('pool.remove', { pool: 'p' })).toEqual({
    ok: false,
    problem: { code: 'not-found', message: 'There is no such pool.', hint: 'See the list.' },
  });
  expect(await api.snapshot()).toEqual(snapshotOf(1));
  const items = [];
  for await (const item of api.stream('log', log, new AbortController().signal)) items.push(item);
  expect(items).toEqual([...(supervisor.items() as Iterable<unknown>)]);
  const missing = api.stream('log', { ...log, job: 'none' }, new AbortController().signal);
  await expect(missing[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    problem: { code: 'not-found' },
  });
  expect(supervisor.executed).toEqual(['runner.list {}', 'pool.remove {"pool":"p"}']);
});

test('a stream of load comes through, and one with wrong arguments is refused by name', async () => {
  const item = { at: 1, machine: { cpu: 1.5, memoryMiB: null }, jobs: { j: { cpu: 1, memoryMiB: 2 } } };
  supervisor.items = () => [item];
  const api = await client();
  const items = [];
  for await (const one of api.stream('load', { interval: 500 }, new AbortController().signal))
    items.push(one);
  expect(items).toEqual([item]);
  expect(supervisor.streamed).toEqual(['load {"interval":500}']);
  const hasty = api.stream('load', { interval: 1 }, new AbortController().signal);
  await expect(hasty[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    problem: { code: 'usage', message: expect.stringMatching(/^load: /) },
  });
});

test('a subscription brings each snapshot until it is ended', async () => {
  const api = await client();
  const seen: number[] = [];
  const end = api.subscribe((snapshot) => seen.push(snapshot.version));
  await vi.waitFor(() => expect(seen).toEqual([0]), settled);
  supervisor.publish(snapshotOf(5));
  await vi.waitFor(() => expect(seen).toEqual([0, 5]), settled);
  end();
  await vi.waitFor(() => expect(supervisor.subscribers.size).toBe(0), settled);
  supervisor.publish(snapshotOf(6));
  await api.execute('runner.list', {});
  expect(seen).toEqual([0, 5]);
});

test('nobody there: no-supervisor, with what to do', async () => {
  await server.close();
  await expect(client()).rejects.toMatchObject({
    problem: { code: 'no-supervisor', hint: expect.stringContaining('homerunner run') },
  });
  // A file of that name is no supervisor either.
  mkdirSync(path.join(folder, 'dir.sock'));
  await expect(client({ ...endpoint, path: path.join(folder, 'dir.sock') })).rejects.toMatchObject({
    problem: { code: 'no-supervisor' },
  });
  await serveAgain(endpoint);
});

test('a supervisor that goes away: every open question gets an answer, and so does every later one', async () => {
  const lost = { code: 'no-supervisor', message: 'The connection to the supervisor was lost.' };
  supervisor.gate = new Promise(() => undefined);
  supervisor.items = async function* () {
    yield { data: 'YQ==', cursor: 1, skipped: 0 };
    await new Promise(() => undefined);
  };
  const api = await client();
  const open = api.execute('runner.list', {});
  const stream = api.stream('log', log, new AbortController().signal)[Symbol.asyncIterator]();
  await stream.next();
  const next = expect(stream.next()).rejects.toMatchObject({ problem: lost });
  await server.close();
  await next;
  expect(await open).toMatchObject({ ok: false, problem: lost });
  expect(await api.execute('runner.list', {})).toMatchObject({ ok: false, problem: lost });
  await expect(api.snapshot()).rejects.toMatchObject({ problem: lost });
  await expect(
    api.stream('log', log, new AbortController().signal)[Symbol.asyncIterator]().next(),
  ).rejects.toMatchObject({ problem: lost });
  await api.closed;
  await serveAgain(endpoint);
});

test('an aborted stream ends at once, here and there', async () => {
  supervisor.items = async function* () {
    yield { data: 'YQ==', cursor: 1, skipped: 0 };
    await new Promise((resolve) => supervisor.signals[0]?.addEventListener('abort', resolve));
  };
  const api = await client();
  const abort = new AbortController();
  const seen = [];
  for await (const item of api.stream('log', log, abort.signal)) {
    seen.push(item);
    setImmediate(() => abort.abort());
  }
  expect(seen).toHaveLength(1);
  await vi.waitFor(() => expect(supervisor.signals[0]?.aborted).toBe(true), settled);
});

test('a reader that takes its time holds the stream back, and misses nothing', async () => {
  let made = 0;
  const data = Buffer.alloc(64 * 1024).toString('base64');
  supervisor.items = async function* () {
    for (; made < 500; made += 1) {
      yield { data, cursor: made, skipped: 0 };
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const api = await client();
  const stream = api.stream('log', log, new AbortController().signal)[Symbol.asyncIterator]();
  await stream.next();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(made).toBeLessThan(150);
  let count = 1;
  for (let item = await stream.next(); item.done !== true; item = await stream.next()) {
    expect(item.value.cursor).toBe(count);
    count += 1;
  }
  expect(count).toBe(500);
});

test('a request that is longer than a line may be is refused with a sentence', async () => {
  const api = await client();
  const answer = await api.execute('pool.add', { id: null, pool: { name: 'x'.repeat(2 * 1024 * 1024) } });
  expect(answer).toMatchObject({
    ok: false,
    problem: { code: 'usage', message: expect.stringContaining('longer') },
  });
});

test('a server of another protocol: both versions are named', async () => {
  const other = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('{"hello":"homerunner","protocol":2,"version":"2.0.0","pid":1}\n');
  });
  const at = { ...endpoint, path: path.join(folder, 'other.sock') };
  await new Promise<void>((resolve) => other.listen(at.path, resolve));
  await expect(client(at)).rejects.toMatchObject({
    problem: { message: expect.stringMatching(/2\.0\.0.*protocol 2.*1\.2\.3.*protocol 1/) },
  });
  other.close();
});

test('a server that speaks something else: no answer hangs', async () => {
  const other = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('220 smtp ready\n');
  });
  const at = { ...endpoint, path: path.join(folder, 'other.sock') };
  await new Promise<void>((resolve) => other.listen(at.path, resolve));
  await expect(client(at)).rejects.toMatchObject({ problem: { code: 'no-supervisor' } });
  other.close();
});

test('close ends the connection', async () => {
  const api = await client();
  const open = api.execute('runner.list', {});
  expect(await open).toMatchObject({ ok: true });
  api.close();
  await api.closed;
  expect(await api.execute('runner.list', {})).toMatchObject({ ok: false });
});
