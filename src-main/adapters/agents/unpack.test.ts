import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveOf, type Entry, entry, problemOf } from './archive.test-kit.ts';
import { AgentStore } from './store.ts';
import { linkStaysInside, unpackTar } from './unpack.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unpack-'));
  mkdirSync(join(folder, 'to'));
});
// What a refused archive had begun to write may still come to its end.
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function unpack(
  archive: Buffer | readonly Entry[],
  limits = { entries: 100, bytes: 1_000_000, ratio: 100 },
): Promise<void> {
  writeFileSync(join(folder, 'a'), Buffer.isBuffer(archive) ? archive : archiveOf(archive));
  return unpackTar('x 1', join(folder, 'a'), join(folder, 'to'), limits);
}
const link = (path: string, linkpath: string) => entry(path, { type: 'SymbolicLink', linkpath });
const whole = archiveOf([entry('a', { text: randomBytes(20_000).toString('hex') })]);

describe('an archive', () => {
  it.each<[string, Buffer | Entry[], string]>([
    ['a zip', Buffer.from('PK\x03\x04 and more'), 'damaged'],
    [
      'a path that leads up',
      [entry('bin/a'), entry('../evil', { text: 'x' })],
      '"../evil" would lie outside',
    ],
    ['a path that leads up in the middle', [entry('a/../../evil', { text: 'x' })], 'would lie outside'],
    ['an absolute path', [entry('/tmp/evil', { text: 'x' })], 'would lie outside'],
    ['a path of another system', [entry('C:\\evil', { text: 'x' })], 'would lie outside'],
    ['a link out', [link('a', '../../etc')], 'leads out'],
    ['an absolute link', [link('a', '/etc/passwd')], 'leads out'],
    ['a link through a link', [link('p/q/r', '../..'), link('s', 'p/q/r/..')], 'leads out'],
    ['a hard link out', [entry('a', { type: 'Link', linkpath: '../../x' })], 'leads out'],
    [
      'a file through a link',
      [link('a', 'b'), entry('b/c', { text: '' }), entry('a/d', { text: 'x' })],
      'damaged',
    ],
    ['a device', [entry('a', { type: 'CharacterDevice' })], 'neither a file'],
    ['a pipe', [entry('a', { type: 'FIFO' })], 'neither a file'],
    [
      'a tar that ends too soon',
      gzipSync(Buffer.concat([entry('a', { size: 9000 }).header, Buffer.alloc(512)])),
      'damaged',
    ],
    ['a file that ends too soon', whole.subarray(0, whole.length / 2), 'damaged'],
    ['no compressed file at all', Buffer.from('<html>sign in</html>'), 'damaged'],
    ['no tar at all', gzipSync(randomBytes(4096)), 'damaged'],
    ['nothing', archiveOf([]), 'damaged'],
    [
      'a bomb',
      gzipSync(Buffer.concat([entry('a', { size: 50_000_000 }).header, Buffer.alloc(50_000_000)])),
      'more than 1 MiB',
    ],
    [
      'zeros behind the end',
      gzipSync(Buffer.concat([entry('a').header, Buffer.alloc(50_000_000)])),
      'more than 1 MiB',
    ],
    ['too many files', Array.from({ length: 101 }, (_, n) => entry(`f${n}`)), 'more than 100 files'],
  ])('with %s is refused', async (_, archive, why) => {
    const { code, message } = await problemOf(
      unpack(archive, { entries: 100, bytes: 1_048_576, ratio: 100 }),
    );
    expect({ code, message }).toEqual({ code: 'refused-by-policy', message: expect.stringContaining(why) });
    expect(readdirSync(folder).sort()).toEqual(['a', 'to']);
  });

  it('that is small and unpacks to a hundred times of it is refused', async () => {
    const bytes = 70 * 1_048_576;
    const bomb = gzipSync(Buffer.concat([entry('a', { size: bytes }).header, Buffer.alloc(bytes)]), {
      level: 1,
    });
    const limits = { entries: 100, bytes: 4 * 1024 ** 3, ratio: 100 };
    expect((await problemOf(unpack(bomb, limits))).message).toContain('more than 64 MiB');
  });

  it('that is refused leaves nothing in the store', async () => {
    const bad = archiveOf([entry('bin/a', { text: 'x' }), entry('../evil', { text: 'x' })]);
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const store = new AgentStore({
      root: join(folder, 'agents'),
      now: () => 0,
      log,
      fetch: () => Promise.resolve(new Response(new Uint8Array(bad))),
    });
    const sha256 = createHash('sha256').update(bad).digest('hex');
    const release = { version: '1', os: 'linux', arch: 'x64', url: 'https://x.test/', sha256, bearer: null };
    expect(await problemOf(store.have('x', release))).toMatchObject({ code: 'refused-by-policy' });
    expect(readdirSync(join(folder, 'agents', 'x'))).toEqual([]);
  });

  it('may have links inside, also hard ones', async () => {
    await unpack([
      entry('a/b', { text: 'x' }),
      link('a/c', '../a/b'),
      entry('d', { type: 'Link', linkpath: 'a/b' }),
    ]);
    for (const name of ['a/b', 'a/c', 'd']) expect(readFileSync(join(folder, 'to', name), 'utf8')).toBe('x');
  });
});

it('a link that stays inside does so wherever it is', () => {
  const name = fc.constantFrom('a', 'b', '..', '.', '');
  const path = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    .map((names) => names.join('/'));
  fc.assert(
    fc.property(path, fc.array(name, { maxLength: 6 }), (at, names) => {
      const target = names.join('/');
      if (!linkStaysInside(at, target)) return;
      expect(`${resolve('/r', at, '..', target)}${sep}`).toMatch(/^\/r\//);
    }),
  );
  expect(linkStaysInside('externals/node/bin/npm', '../lib/node_modules/npm/bin/npm-cli.js')).toBe(true);
});
