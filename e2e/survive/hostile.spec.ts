/** Hostile clients of the control socket: memory stays bounded, and a good client gets its answer within a second. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CommandName, commandSchemas } from '../../src-main/contract/commands.ts';
import { safeParse } from 'valibot';
import { ask, submissionOf } from '../support/control.ts';
import { Home, type Running } from '../support/product.ts';
import { until } from '../support/until.ts';
import { configure, residentMiB, withControl } from './survive.ts';

/** What one attack may cost, in MiB. */
const mostMiB = 100;
/** The longest that a good client may wait, in milliseconds. */
const mostMs = 1000;

let home: Home;
let supervisor: Running;
let socketPath: string;
let before: number;

beforeAll(async () => {
  home = new Home();
  configure(home, 8);
  supervisor = await home.run();
  socketPath = (
    JSON.parse(readFileSync(path.join(home.path, 'run', 'endpoint.json'), 'utf8')) as { path: string }
  ).path;
  await until(async () => (await home.status()).machine !== null, 'the machine is known');
});
beforeEach(() => {
  // V8 keeps what former attacks have made it take, and uses it again: of those all together the last had no room left.
  before = residentMiB(supervisor.pid);
});
afterAll(async () => {
  await home.dispose();
});

const hello = `${JSON.stringify({ hello: 'homerunner', protocol: 1, version: '0.1.0', pid: process.pid })}\n`;

function open(): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath, () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** What comes back until the other side ends. */
async function answerTo(...chunks: (string | Buffer)[]): Promise<string> {
  const socket = await open();
  let text = '';
  socket.on('data', (data: Buffer) => (text += data.toString()));
  for (const chunk of chunks) if (!socket.destroyed) socket.write(chunk);
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** Attacks while a good client asks again and again; its longest wait, and the most memory that was seen. */
async function under(attack: () => Promise<void>): Promise<{ slowest: number; grown: number }> {
  const state = { over: false, slowest: 0, most: 0 };
  const good = (async () => {
    while (!state.over) {
      const began = performance.now();
      await withControl(home, (control) => control.snapshot());
      state.slowest = Math.max(state.slowest, performance.now() - began);
      state.most = Math.max(state.most, residentMiB(supervisor.pid));
      await sleep(20);
    }
  })();
  try {
    await attack();
  } finally {
    state.over = true;
  }
  await good;
  expect(supervisor.alive).toBe(true);
  return { slowest: state.slowest, grown: state.most - before };
}

async function expectUnharmed(attack: () => Promise<void>): Promise<void> {
  const { slowest, grown } = await under(attack);
  expect(slowest).toBeLessThan(mostMs);
  expect(grown).toBeLessThan(mostMiB);
}

describe('a client that', () => {
  test.each([
    ['sends garbage', Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 7919) % 256))],
    ['sends JSON without a hello', Buffer.from('{"id":1,"do":"snapshot"}\n')],
    [
      'says hello in another protocol',
      Buffer.from('{"hello":"homerunner","protocol":99,"version":"9","pid":1}\n'),
    ],
    ['sends a hello of the wrong types', Buffer.from('{"hello":1,"protocol":"1"}\n')],
  ])('%s is told so and let go', async (_what, bytes) => {
    await expectUnharmed(async () => {
      const text = await answerTo(bytes);
      expect(
        text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as object)
          .at(-1),
      ).toMatchObject({ id: null, problem: { code: 'usage' } });
    });
  });

  test('sends a line of 100 MB is told so, before and after a hello', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    await expectUnharmed(async () => {
      for (const first of ['', hello]) {
        const text = await answerTo(first, ...Array.from({ length: 100 }, () => chunk));
        expect(text).toContain('longer than');
      }
    });
  });

  test('says nothing is let go', async () => {
    await expectUnharmed(async () => {
      await answerTo();
    });
  });

  test('closes its half gets the answers to what it asked', async () => {
    const socket = await open();
    let text = '';
    socket.on('data', (data: Buffer) => (text += data.toString()));
    socket.end(`${hello}{"id":7,"do":"snapshot"}\n`);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).toContain('"id":7,"snapshot":');
  });

  test.each([
    ['without a hello', ''],
    ['after a hello', hello],
  ])(
    'comes 500 times at once with a megabyte each and no end of line, %s, harms nobody',
    async (_when, first) => {
      const half = Buffer.alloc(1000 * 1000, 'x');
      const sockets: net.Socket[] = [];
      const state = { slowest: 0, most: 0 };
      for (let n = 0; n < 500; n += 1) sockets.push(await open());
      for (const socket of sockets)
        if (!socket.destroyed) socket.write(Buffer.concat([Buffer.from(first), half]));
      const end = performance.now() + 3000;
      while (performance.now() < end) {
        state.most = Math.max(state.most, residentMiB(supervisor.pid));
        await sleep(50);
      }
      for (const socket of sockets) socket.destroy();
      expect(state.most - before).toBeLessThan(mostMiB);
      await until(async () => (await home.cli(['status'])).code === 0, 'a good client is served');
      expect(supervisor.alive).toBe(true);
    },
  );

  test('sends 2,000 well-formed requests with arguments of the wrong types gets a sentence for each', async () => {
    const requests = fc.sample(
      fc.record({
        name: fc.constantFrom(...(Object.keys(commandSchemas) as CommandName[])),
        args: fc.oneof(fc.jsonValue(), wrongFields),
      }),
      { numRuns: 2600, seed: 42 },
    );
    const wrong = requests
      .filter(({ name, args }) => !safeParse(commandSchemas[name], args ?? {}).success)
      .slice(0, 2000);
    expect(wrong).toHaveLength(2000);
    const lines = wrong.map(({ name, args }, id) => JSON.stringify({ id, do: 'execute', name, args }));
    const answers = await answersTo(lines);
    expect(new Set(answers.map((a) => a.id)).size).toBe(2000);
    for (const { problem } of answers) {
      expect(problem?.code).toBe('usage');
      expect(problem?.message).toMatch(/\.$/);
    }
  });

  test('sends 500 requests that are no requests gets a sentence for each', async () => {
    const values = fc.sample(fc.jsonValue(), { numRuns: 500, seed: 7 });
    const answers = await answersTo(values.map((value) => JSON.stringify(value)));
    for (const { problem } of answers) expect(problem?.code).toBe('usage');
  });

  test('subscribes and never reads costs little while 200 jobs run', async () => {
    const slow = await open();
    slow.pause();
    for (let id = 0; id < 60; id += 1) slow.write(`${id === 0 ? hello : ''}{"id":${id},"do":"subscribe"}\n`);
    await expectUnharmed(async () => {
      await withControl(home, async (control) => {
        for (let n = 0; n < 200; n += 1) await ask(control, 'submit', submissionOf(['true'], home.path));
        await until(
          async () => (await control.snapshot()).waitingTotal === 0,
          'the 200 jobs are taken',
          60_000,
        );
      });
    });
    slow.destroy();
  }, 120_000);
});

interface Answer {
  readonly id: number | null;
  readonly problem?: { readonly code: string; readonly message: string };
}

/** Sends these lines at once, while a good client asks, and gives an answer for each. */
async function answersTo(lines: readonly string[]): Promise<Answer[]> {
  const chunks: Buffer[] = [];
  await expectUnharmed(async () => {
    const socket = await open();
    let count = 0;
    socket.on('data', (data: Buffer) => {
      chunks.push(data);
      for (const byte of data) if (byte === 10) count += 1;
    });
    socket.write(`${hello}${lines.join('\n')}\n`);
    // The hello is one as well.
    await until(() => count === lines.length + 1, 'each is answered');
    socket.destroy();
  });
  const text = Buffer.concat(chunks).toString();
  return text
    .split('\n')
    .slice(1, -1)
    .map((line) => JSON.parse(line) as Answer);
}

/** Objects with the fields of commands, and values that do not belong there. */
const wrongFields = fc.dictionary(
  fc.constantFrom(
    'pool',
    'job',
    'runner',
    'end',
    'reason',
    'how',
    'id',
    'change',
    'now',
    'limit',
    'to',
    'fresh',
    'command',
    'dir',
    'env',
    '__proto__',
    'constructor',
  ),
  fc.jsonValue(),
);
