import { existsSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { expect, test, vi } from 'vitest';
import { longestLine } from '../../contract/protocol.ts';
import {
  client,
  endpoint,
  folder,
  RawClient,
  server,
  serveAgain,
  snapshotOf,
  supervisor,
  useServer,
} from './control.test-kit.ts';

useServer();

const settled = { timeout: 10_000, interval: 5 };

/** Whatever a hostile client did: others are served. */
async function othersAreServed(): Promise<void> {
  const other = await client();
  expect(await other.execute('runner.list', {})).toEqual({ ok: true, value: { runners: [] } });
}

test('says hello first, with protocol, version and pid', async () => {
  const raw = new RawClient();
  await vi.waitFor(() => {
    expect(raw.messages).toEqual([{ hello: 'homerunner', protocol: 1, version: '1.2.3', pid: 42 }]);
  }, settled);
});

test('the socket is for the owner alone, and is gone after the end', async () => {
  expect(statSync(endpoint.path).mode & 0o777).toBe(0o600);
  await server.close();
  expect(existsSync(endpoint.path)).toBe(false);
  await serveAgain(endpoint);
});

test('a socket file that a dead supervisor left is replaced', async () => {
  await server.close();
  writeFileSync(endpoint.path, '');
  await serveAgain(endpoint);
  await othersAreServed();
});

test('a client of another protocol is told both versions, and closed', async () => {
  const raw = new RawClient().hello(7).send({ id: 1, do: 'execute', name: 'runner.list', args: {} });
  await vi.waitFor(() => expect(raw.ended).toBe(true), settled);
  expect(raw.problems).toHaveLength(1);
  expect(raw.problems[0]?.message).toMatch(/version 1\.2\.3.*protocol 1.*version 9\.9\.9.*protocol 7/);
  expect(supervisor.executed).toEqual([]);
});

test('who does not begin with a hello is told so and closed, and nothing is carried out', async () => {
  for (const line of [
    'GET / HTTP/1.1',
    '{"id":1,"do":"execute","name":"stop","args":{"how":"now"}}',
    '{}',
    '[',
    '\0\0',
    '[]',
    'null',
  ]) {
    const raw = new RawClient().send(line).send({ id: 2, do: 'execute', name: 'stop', args: { how: 'now' } });
    await vi.waitFor(() => expect(raw.ended).toBe(true), settled);
    expect(raw.problems).toMatchObject([{ code: 'usage', message: 'The first line must be a hello.' }]);
  }
  expect(supervisor.executed).toEqual([]);
  await othersAreServed();
});

test('garbage after the hello is answered line by line; the connection goes on', async () => {
  const garbage = [
    '{',
    'null',
    '17',
    '{"id":"x"}',
    '{"id":-1,"do":"snapshot"}',
    '{"id":1,"do":"fly"}',
    '{"__proto__":{"id":1}}',
    '[[[[',
  ];
  const raw = new RawClient()
    .hello()
    .send(...garbage)
    .send({ id: 5, do: 'snapshot' });
  await vi.waitFor(() => expect(raw.messages.at(-1)).toEqual({ id: 5, snapshot: snapshotOf(1) }), settled);
  expect(raw.problems).toHaveLength(garbage.length);
  for (const { code, hint } of raw.problems) expect([code, hint]).toEqual(['usage', expect.any(String)]);
});

test('deeply nested JSON does no harm', async () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const raw = new RawClient().hello().send(`{"id":1,"do":"execute","name":"runner.list","args":${deep}}`);
  await vi.waitFor(() => expect(raw.messages).toHaveLength(2), settled);
  expect(raw.messages[1]).toMatchObject({ id: 1 });
  await othersAreServed();
});

test('unknown commands and streams, wrong arguments: a sentence each', async () => {
  const raw = new RawClient().hello();
  raw.send({ id: 1, do: 'execute', name: 'constructor', args: {} });
  raw.send({ id: 2, do: 'execute', name: 'stop', args: { how: 'gently' } });
  raw.send({ id: 3, do: 'stream', name: 'toString', args: {} });
  raw.send({ id: 4, do: 'stream', name: 'log', args: { job: 1 } });
  await vi.waitFor(() => expect(raw.problems).toHaveLength(4), settled);
  expect(raw.problems.map((p) => p.code)).toEqual(['usage', 'usage', 'usage', 'usage']);
  expect(raw.problems[0]?.message).toBe('There is no command constructor.');
  expect(raw.problems[1]?.message).toContain('how');
  expect(supervisor.executed).toEqual([]);
});

test('a line of 100 MB: told and closed, little memory, the others are served', async () => {
  const raw = new RawClient().hello();
  const before = process.memoryUsage().rss;
  const block = Buffer.alloc(1024 * 1024, 'x');
  for (let mb = 0; mb < 100 && !raw.socket.destroyed; mb += 1) {
    if (!raw.socket.write(block)) {
      await Promise.race([
        new Promise((resolve) => raw.socket.once('drain', resolve)),
        new Promise((resolve) => raw.socket.once('close', resolve)),
      ]);
    }
  }
  await vi.waitFor(() => expect(raw.problems).toHaveLength(1), settled);
  expect(raw.problems[0]?.message).toContain(String(longestLine));
  await vi.waitFor(() => expect(raw.ended).toBe(true), settled);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  await othersAreServed();
});

test('a request of almost the longest line is carried out', async () => {
  const raw = new RawClient().hello();
  const padding = 'x'.repeat(longestLine - 200);
  raw.send({ id: 1, do: 'execute', name: 'runner.list', args: { padding } });
  await vi.waitFor(() => expect(raw.messages.at(-1)).toEqual({ id: 1, value: { runners: [] } }), settled);
});

test('who says nothing is closed', async () => {
  const raw = new RawClient();
  await vi.waitFor(() => expect(raw.messages).toHaveLength(1), settled);
  expect(raw.ended).toBe(false);
  await vi.waitFor(() => expect(raw.ended).toBe(true), settled);
}, 15_000);

test('one character at a time, characters cut in two, and CRLF: understood', async () => {
  const raw = new RawClient();
  const hello = '{"hello":"homerunner","protocol":1,"version":"ü€😀","pid":1}\r\n';
  const request = '{"id":3,"do":"execute","name":"runner.list","args":{"ü€😀":"ü"}}\r\n';
  raw.socket.setNoDelay();
  for (const byte of Buffer.from(hello + request)) {
    raw.socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(raw.messages.at(-1)).toEqual({ id: 3, value: { runners: [] } }), settled);
});

test('200 clients at once', async () => {
  const clients = await Promise.all(Array.from({ length: 200 }, () => client()));
  const answers = await Promise.all(clients.map((c) => c.execute('runner.list', {})));
  expect(answers.filter((a) => a.ok)).toHaveLength(200);
}, 20_000);

test('half-open connections and clients that vanish cost nothing', async () => {
  const halves = Array.from({ length: 50 }, () => new RawClient().hello());
  for (const raw of halves) raw.send({ id: 1, do: 'subscribe' });
  await vi.waitFor(() => expect(supervisor.subscribers.size).toBe(50), settled);
  halves.forEach((raw, i) => (i % 2 === 0 ? raw.socket.end() : raw.socket.destroy()));
  await vi.waitFor(() => expect(supervisor.subscribers.size).toBe(0), settled);
  await othersAreServed();
});

test('at most 64 requests of one client at a time; all are answered', async () => {
  let open: (value?: unknown) => void = () => undefined;
  supervisor.gate = new Promise((resolve) => (open = resolve));
  const one = await client();
  const answers = Array.from({ length: 500 }, () => one.execute('runner.list', {}));
  await vi.waitFor(() => expect(supervisor.inFlight).toBe(64), settled);
  await othersAreHeard();
  open();
  expect((await Promise.all(answers)).filter((a) => a.ok)).toHaveLength(500);
  expect(supervisor.mostInFlight).toBe(65);
});

/** Another client gets through while the first has used up its share. */
async function othersAreHeard(): Promise<void> {
  const before = supervisor.executed.length;
  const raw = new RawClient().hello().send({ id: 1, do: 'execute', name: 'runner.list', args: {} });
  await vi.waitFor(() => expect(supervisor.executed.length).toBe(before + 1), settled);
  expect(raw.ended).toBe(false);
}

test('a slow reader of snapshots gets the newest, not a backlog', async () => {
  const raw = new RawClient().hello().send({ id: 1, do: 'subscribe' });
  await vi.waitFor(() => expect(raw.messages).toHaveLength(2), settled);
  raw.socket.pause();
  const wide = 'x'.repeat(200_000);
  for (let version = 1; version <= 500; version += 1) {
    supervisor.publish(snapshotOf(version, wide));
    if (version % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  raw.socket.resume();
  const versions = () =>
    raw.messages.flatMap((m) => ('snapshot' in m ? [(m['snapshot'] as { version: number }).version] : []));
  await vi.waitFor(() => expect(versions().at(-1)).toBe(500), settled);
  expect(versions().length).toBeLessThan(20);
  expect(versions()).toEqual([...versions()].sort((a, b) => a - b));
});

test('a stream waits for its slow reader', async () => {
  let made = 0;
  const data = Buffer.alloc(64 * 1024).toString('base64');
  supervisor.items = async function* () {
    for (; made < 1000; made += 1) {
      yield { data, cursor: made, skipped: 0 };
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const raw = new RawClient().hello();
  raw.socket.pause();
  raw.send({ id: 1, do: 'stream', name: 'log', args: { job: 'j', runner: null, cursor: 0, follow: true } });
  await vi.waitFor(() => expect(made).toBeGreaterThan(0), settled);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(made).toBeLessThan(50);
  raw.socket.resume();
  await vi.waitFor(() => expect(made).toBe(1000), settled);
  await vi.waitFor(() => expect(raw.text.endsWith('{"id":1,"end":true}\n')).toBe(true), settled);
});

test('a client that leaves more than 8 MiB of answers unread is closed', async () => {
  const raw = new RawClient().hello();
  await vi.waitFor(() => expect(raw.messages).toHaveLength(1), settled);
  raw.socket.pause();
  supervisor.snapshot = () => Promise.resolve(snapshotOf(1, 'x'.repeat(1024 * 1024)));
  for (let id = 0; id < 40; id += 1) raw.send({ id, do: 'snapshot' });
  await vi.waitFor(
    () => expect(raw.socket.destroyed || raw.socket.writableEnded || !alive(raw)).toBe(true),
    settled,
  );
  await othersAreServed();
});

/** Does a write still get through? */
function alive(raw: RawClient): boolean {
  raw.socket.write('\n');
  return !raw.socket.destroyed;
}

test('streams and subscriptions end when cancelled, and when the number is used again', async () => {
  supervisor.items = async function* () {
    yield { data: '', cursor: 0, skipped: 0 };
    await new Promise((resolve) => supervisor.signals[0]?.addEventListener('abort', resolve));
  };
  const raw = new RawClient().hello().send({ id: 1, do: 'subscribe' }).send({ id: 1, do: 'subscribe' });
  raw.send({ id: 2, do: 'stream', name: 'log', args: { job: 'j', runner: null, cursor: 0, follow: true } });
  await vi.waitFor(() => expect(supervisor.signals).toHaveLength(1), settled);
  expect(supervisor.subscribers.size).toBe(1);
  raw.send({ id: 1, do: 'cancel' }, { id: 2, do: 'cancel' }, { id: 77, do: 'cancel' });
  await vi.waitFor(() => expect(supervisor.subscribers.size).toBe(0), settled);
  await vi.waitFor(() => expect(supervisor.signals[0]?.aborted).toBe(true), settled);
  await vi.waitFor(() => expect(raw.messages.at(-1)).toEqual({ id: 2, end: true }), settled);
});

test('too many streams of one client: a sentence', async () => {
  const raw = new RawClient().hello();
  for (let id = 1; id <= 65; id += 1) raw.send({ id, do: 'subscribe' });
  await vi.waitFor(() => expect(raw.problems).toHaveLength(1), settled);
  expect(supervisor.subscribers.size).toBe(64);
});

test('closing sends what was written, ends all clients, and takes no longer for those that do not read', async () => {
  const deaf = new RawClient().hello();
  await vi.waitFor(() => expect(deaf.messages).toHaveLength(1), settled);
  deaf.socket.pause();
  supervisor.snapshot = () => Promise.resolve(snapshotOf(1, 'x'.repeat(1024 * 1024)));
  deaf.send({ id: 1, do: 'snapshot' });
  const good = await client();
  const begun = performance.now();
  await server.close();
  await good.closed;
  expect(performance.now() - begun).toBeLessThan(5000);
  await expect(client()).rejects.toMatchObject({ problem: { code: 'no-supervisor' } });
  await serveAgain(endpoint);
});

test('a socket that cannot be made is an error, not a crash', async () => {
  const impossible = { ...endpoint, path: `${folder}/no/such/folder.sock` };
  await expect(serveAgain(impossible)).rejects.toMatchObject({ code: 'EACCES' });
});

test('where a secret is asked for, only a hello that carries it is heard', async () => {
  await server.close();
  const guarded = { ...endpoint, secret: 'open sesame' };
  await serveAgain(guarded);
  const raw = new RawClient().hello().send({ id: 1, do: 'snapshot' });
  await vi.waitFor(() => expect(raw.ended).toBe(true), settled);
  expect(raw.problems).toMatchObject([{ code: 'forbidden' }]);
  const owner = await client(guarded);
  expect((await owner.snapshot()).version).toBe(1);
  const thief = await client({ ...endpoint, secret: 'open sesamy' });
  await expect(thief.snapshot()).rejects.toMatchObject({ problem: { code: 'forbidden' } });
});

test('an in-memory supervisor is fast enough behind it: 1000 commands a second over one connection', async () => {
  const one = await client();
  await one.execute('runner.list', {});
  const begun = performance.now();
  await Promise.all(Array.from({ length: 5000 }, () => one.execute('runner.list', {})));
  const perSecond = 5000 / ((performance.now() - begun) / 1000);
  expect(perSecond).toBeGreaterThan(1000);
});

test('garbage of any kind never stops the server', async () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const socket = net.connect(endpoint.path);
    socket.on('error', () => undefined);
    const bytes = Buffer.from(
      Array.from({ length: 2000 }, (_, i) => (seed * 7919 + i * i * seed * 31) % 256),
    );
    socket.write('{"hello":"homerunner","protocol":1,"version":"x","pid":1}\n');
    socket.end(bytes);
    await new Promise((resolve) => socket.once('close', resolve).resume());
  }
  await othersAreServed();
});
