import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveOf, entry, problemOf } from './archive.test-kit.ts';
import type { AgentRelease } from './release.ts';
import { AgentStore, type AgentStoreOptions } from './store.ts';
import { moveFolder } from './versions.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let folder = '';
let url = '';
let asked: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
const ends: (() => void | Promise<void>)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agents-'));
  asked = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tar.gz`;
  ends.push(
    () => server.closeAllConnections(),
    () => void server.close(),
  );
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

const root = () => join(folder, 'agents');
const there = () => (existsSync(join(root(), 'x')) ? readdirSync(join(root(), 'x')).sort() : []);

function store(change: Partial<AgentStoreOptions> = {}): AgentStore {
  const made = new AgentStore({ root: root(), now: () => Date.now(), log, waitMs: () => 1, ...change });
  ends.push(() => made.close());
  return made;
}

function release(body: Buffer, change: Partial<AgentRelease> = {}): AgentRelease {
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { version: '2.336.0', os: 'linux', arch: 'x64', url, sha256, bearer: null, ...change };
}

/** Where a download of it lies until it is whole. */
const partOf = (body: Buffer) =>
  join(root(), 'x', `.partial-2.336.0-linux-x64-${release(body).sha256?.slice(0, 8) ?? ''}`);

/** Serves `body`, parts of it too. */
const serve = (body: Buffer) => {
  answer = (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const head = {
      'content-length': body.length - from,
      'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
    };
    response.writeHead(request.headers.range === undefined ? 200 : 206, head).end(body.subarray(from));
  };
};
const good = archiveOf([
  entry('bin', { type: 'Directory' }),
  entry('bin/Agent', { text: 'run', mode: 0o4777 }),
  entry('externals/lib/npm.js', { text: 'x'.repeat(500_000) }),
  entry('externals/bin/npm', { type: 'SymbolicLink', linkpath: '../lib/npm.js' }),
]);

describe('the store', () => {
  it('downloads, unpacks and hands out copies that do not know of each other', async () => {
    serve(good);
    const agents = store();
    const version = await agents.have('x', release(good, { bearer: 'let-me-in' }));
    expect(asked[0]?.headers.authorization).toBe('Bearer let-me-in');
    for (const name of ['a', 'b', 'c']) await agents.instance(version, join(folder, name));
    writeFileSync(join(folder, 'a', 'bin', 'Agent'), 'changed');
    for (const name of ['b', 'c'])
      expect(readFileSync(join(folder, name, 'bin', 'Agent'), 'utf8')).toBe('run');
    expect(readFileSync(join(folder, 'b', 'externals', 'bin', 'npm'), 'utf8')).toHaveLength(500_000);
    expect(lstatSync(join(folder, 'b', 'bin', 'Agent')).mode & 0o7777).toBe(0o755);
    expect(there()).toEqual(['2.336.0-linux-x64']);
    expect(readFileSync(join(version, 'release.json'), 'utf8')).not.toContain('let-me-in');
    await agents.have('x', release(good));
    expect(asked).toHaveLength(1);
    expect(agents.work()).toEqual([]);
  });

  it('hands out a spare by a rename, and makes the next one', async () => {
    serve(good);
    const agents = store();
    const version = await agents.have('x', release(good));
    const spare = join(version, 'spare');
    for (const name of ['a', 'b']) {
      await expect.poll(() => existsSync(spare)).toBe(true);
      const { ino } = lstatSync(spare);
      await expect
        .poll(async () => {
          rmSync(join(folder, name), { recursive: true, force: true });
          await agents.instance(version, join(folder, name));
          return lstatSync(join(folder, name)).ino;
        })
        .toBe(ino);
    }
  });

  it('uses no spare that a loss of power has emptied, and unpacks again what lies there damaged', async () => {
    serve(good);
    const version = await (async () => {
      const before = store();
      const folder = await before.have('x', release(good));
      await expect.poll(() => existsSync(join(folder, 'spare'))).toBe(true);
      await before.close();
      return folder;
    })();
    truncateSync(join(version, 'spare', 'bin', 'Agent'), 0);
    const agents = store();
    await agents.instance(await agents.have('x', release(good)), join(folder, 'a'));
    expect(readFileSync(join(folder, 'a', 'bin', 'Agent'), 'utf8')).toBe('run');
    expect(asked).toHaveLength(1);
    truncateSync(join(version, 'files', 'bin', 'Agent'), 0);
    const third = store();
    await third.instance(await third.have('x', release(good)), join(folder, 'b'));
    expect(readFileSync(join(folder, 'b', 'bin', 'Agent'), 'utf8')).toBe('run');
    expect(asked).toHaveLength(2);
  });

  it('downloads once, however many ask', async () => {
    serve(good);
    const agents = store();
    const folders = await Promise.all(Array.from({ length: 20 }, () => agents.have('x', release(good))));
    expect(new Set(folders).size).toBe(1);
    expect(asked).toHaveLength(1);
  });

  it('keeps the present and the previous version, of each architecture, and touches what is not ours', async () => {
    serve(good);
    let now = 1_800_000_000_000;
    const agents = store({ now: () => (now += 60_000) });
    await agents.have('x', release(good, { arch: 'arm64', version: '1.0.0' }));
    mkdirSync(join(root(), 'x', 'somebody'));
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await agents.have('x', release(good, { version }));
    expect(there()).toEqual(['1.0.0-linux-arm64', '1.1.0-linux-x64', '1.2.0-linux-x64', 'somebody']);
    await agents.have('x', release(good, { version: '1.1.0' }));
    await agents.have('x', release(good, { version: '1.3.0' }));
    expect(there()).toEqual(['1.0.0-linux-arm64', '1.1.0-linux-x64', '1.3.0-linux-x64', 'somebody']);
    expect((await agents.kept('x')).map(({ version }) => version)).toEqual(['1.3.0', '1.1.0', '1.0.0']);
  });

  it('removes what a crash left half made', async () => {
    serve(good);
    mkdirSync(join(root(), 'x', '.unfinished-1'), { recursive: true });
    const before = store();
    const version = await before.have('x', release(good));
    expect(there()).toEqual(['2.336.0-linux-x64']);
    await before.close();
    rmSync(join(version, 'spare'), { recursive: true, force: true });
    mkdirSync(join(version, '.unfinished-9-1'));
    await store().have('x', release(good));
    await expect.poll(() => readdirSync(version).sort()).toEqual(['files', 'release.json', 'spare']);
  });
});

describe('a download', () => {
  it('goes on where it was cut off', async () => {
    let cut = 2;
    answer = (request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': good.length - from,
        'content-range': `bytes ${from}-/${good.length}`,
      });
      if (cut-- <= 0) return void response.end(good.subarray(from));
      response.write(good.subarray(from, from + 300));
      // What was sent has arrived, else a slow machine would ask for it again.
      const looks = setInterval(() => {
        if ((statSync(partOf(good), { throwIfNoEntry: false })?.size ?? 0) < from + 300) return;
        clearInterval(looks);
        response.destroy();
      }, 5);
    };
    await store().have('x', release(good));
    expect(asked.map((request) => request.headers.range)).toEqual([undefined, 'bytes=300-', 'bytes=600-']);
  });

  it('goes on after a restart, and begins again where the beginning was another file', async () => {
    serve(good);
    const part = partOf(good);
    mkdirSync(join(root(), 'x'), { recursive: true });
    writeFileSync(part, good.subarray(0, 100));
    const before = store();
    await before.have('x', release(good));
    expect(asked.map((request) => request.headers.range)).toEqual(['bytes=100-']);
    // It makes a spare in the background, into the folder that goes now.
    await before.close();
    rmSync(root(), { recursive: true });
    mkdirSync(join(root(), 'x'), { recursive: true });
    writeFileSync(part, 'of something else');
    await store().have('x', release(good));
    expect(asked.map((request) => request.headers.range).slice(1)).toEqual(['bytes=17-', undefined]);
  });

  it('tells how far it is, and can be cancelled', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': good.length }).write(good.subarray(0, 200));
    };
    const agents = store();
    const refused = problemOf(agents.have('x', release(good)));
    await expect
      .poll(() => agents.work()[0])
      .toMatchObject({ done: 200, total: good.length, cancellable: true });
    expect(agents.work()[0]?.title).toBe('Downloading x 2.336.0 (linux, x64)');
    expect(agents.cancel('other')).toBe(false);
    expect(agents.cancel(agents.work()[0]?.id ?? '')).toBe(true);
    expect(await refused).toMatchObject({
      code: 'refused-by-policy',
      message: expect.stringContaining('cancelled'),
    });
    expect(agents.work()).toEqual([]);
    serve(good);
    await agents.have('x', release(good));
    expect(asked.at(-1)?.headers.range).toBe('bytes=200-');
  });

  it.each([
    ['forge-unreachable', 500],
    ['forge-unreachable', 429],
    ['not-found', 404],
    ['forbidden', 403],
  ])('says %s to status %d', async (code, status) => {
    answer = (_, response) => response.writeHead(status).end('no');
    expect(await problemOf(store().have('x', release(good)))).toMatchObject({ code });
    expect(asked).toHaveLength(code === 'forge-unreachable' ? 5 : 1);
  });

  it('is refused without a sum, with another sum, and over a connection that is not safe', async () => {
    serve(good);
    const agents = store();
    expect(await problemOf(agents.have('x', release(good, { sha256: null })))).toMatchObject({
      code: 'checksum-missing',
    });
    expect(await problemOf(agents.have('x', release(good, { sha256: 'abc' })))).toMatchObject({
      code: 'checksum-missing',
    });
    expect(await problemOf(agents.have('x', release(good, { url: 'http://example.org/a' })))).toMatchObject({
      code: 'refused-by-policy',
    });
    expect(await problemOf(agents.have('x', release(good, { version: '../../x' })))).toMatchObject({
      code: 'unexpected',
    });
    expect(asked).toHaveLength(0);
    const other = release(Buffer.from('other'));
    expect(await problemOf(agents.have('x', other))).toMatchObject({ code: 'checksum-mismatch' });
    expect(there()).toEqual([]);
  });

  it('does not begin where there is no room', async () => {
    serve(good);
    const agents = store({ free: () => Promise.resolve(100 * 1_048_576) });
    expect(await problemOf(agents.have('x', release(good)))).toMatchObject({ code: 'disk-reserve' });
    expect(there()).toEqual([]);
  });
});

describe('a folder that was just made', () => {
  const failing = (code: string, times: number) => {
    let left = times;
    return () => (left-- > 0 ? Promise.reject(Object.assign(new Error(code), { code })) : Promise.resolve());
  };
  it('gets its name a moment later where a scanner holds it', async () => {
    await moveFolder('a', 'b', { move: failing('EBUSY', 2), waits: [1, 1] });
    await expect(moveFolder('a', 'b', { move: failing('EPERM', 3), waits: [1, 1] })).rejects.toThrow('EPERM');
    await expect(moveFolder('a', 'b', { move: failing('ENOENT', 1), waits: [1, 1] })).rejects.toThrow(
      'ENOENT',
    );
  });
});
