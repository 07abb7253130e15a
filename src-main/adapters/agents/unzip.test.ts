import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveOf, entry, problemOf } from './archive.test-kit.ts';
import { AgentStore } from './store.ts';
import { unpackZip } from './unzip.ts';
import { nameFault, Tree } from './zip-names.ts';
import { type ZipEntry, zipOf } from './zip.test-kit.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unzip-'));
  mkdirSync(join(folder, 'to'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function unpack(
  archive: Buffer | readonly ZipEntry[],
  limits = { entries: 100, bytes: 1_048_576, ratio: 100 },
): Promise<void> {
  writeFileSync(join(folder, 'a'), Buffer.isBuffer(archive) ? archive : zipOf(archive));
  return unpackZip('x 1', join(folder, 'a'), join(folder, 'to'), limits);
}
const named = (...names: string[]): ZipEntry[] => names.map((name) => ({ name, text: 'x' }));
const whole = zipOf([{ name: 'a', text: randomBytes(20_000) }]);
const inOneAnother = (): Buffer => {
  const text = randomBytes(40_000);
  return zipOf([
    { name: 'a', text, method: 0 },
    { name: 'b', text: '', claims: { at: 0, size: 40_000, packed: 40_000 }, method: 0 },
  ]);
};

describe('a zip archive', () => {
  it.each<[string, Buffer | ZipEntry[], string]>([
    ['a path that leads up', named('bin/a', '../evil'), '"../evil" would lie outside'],
    ['a path that leads up in the middle', named('a/../../evil'), 'would lie outside'],
    ['an absolute path', named('/tmp/evil'), 'would lie outside'],
    ['a path that leads up by backslashes', named('..\\evil'), 'would lie outside'],
    ['a backslash', named('bin\\evil.exe'), 'has a backslash'],
    ['a drive', named('C:/evil'), 'would lie outside'],
    ['a drive without a slash', named('C:evil'), 'would lie outside'],
    ['another machine', named('\\\\host\\share\\evil'), 'would lie outside'],
    ['no name', named(''), 'would lie outside'],
    ['a name that ends early', named('evil.exe\0.txt'), 'would lie outside'],
    ['a hidden stream', named('bin/a.dll:evil'), 'no name that Windows takes'],
    ['a device', named('bin/NUL'), 'no name that Windows takes'],
    ['a device with an ending', named('com1.txt'), 'no name that Windows takes'],
    ['a device of superscript', named('LPT\u00b9'), 'no name that Windows takes'],
    ['a folder that is a device', named('aux/a'), 'no name that Windows takes'],
    ['a dot at the end', named('bin./a'), 'no name that Windows takes'],
    ['a space at the end', named('bin/a '), 'no name that Windows takes'],
    ['an empty part', named('bin//a'), 'no name that Windows takes'],
    ['a part that is here', named('./a'), 'no name that Windows takes'],
    ['a control character', named('a\u001b[2J'), 'no name that Windows takes'],
    ['a name twice', named('bin/a', 'bin/a'), '"bin/a" is in it twice'],
    ['a name in two cases', named('bin/Agent', 'bin/agent'), 'are one file on Windows'],
    ['folders in two cases', named('Bin/a', 'bin/b'), '"Bin" and "bin" are one file on Windows'],
    ['a file that is a folder too', named('bin', 'bin/a'), '"bin" is in it twice'],
    ['a folder that is a file too', named('bin/a', 'bin'), '"bin" is in it twice'],
    ['a link', [{ name: 'a', text: '../../etc', mode: 0o120777 }], '"a" is a link'],
    ['a link of Windows', [{ name: 'a', attributes: 0x400 }], '"a" is a link'],
    ['a pipe', [{ name: 'a', mode: 0o010644 }], 'neither a file'],
    ['an encrypted file', [{ name: 'a', text: 'x', flags: 1 }], 'is encrypted'],
    ['a strange packing', [{ name: 'a', text: 'x', method: 14 }], 'packed in a way'],
    ['files that lie in one another', inOneAnother(), 'lie in one another'],
    ['too many files', Array.from({ length: 101 }, (_, n) => ({ name: `f${n}` })), 'more than 100 files'],
    ['too many folders', named(Array(110).fill('a').join('/')), 'more than 100 files'],
    ['a bomb', [{ name: 'a', text: Buffer.alloc(2_000_000) }], 'more than 1 MiB'],
    [
      'a bomb of many',
      [1, 2, 3].map((n) => ({ name: `${n}`, text: Buffer.alloc(500_000) })),
      'more than 1 MiB',
    ],
    [
      'more than it says',
      [{ name: 'a', text: Buffer.alloc(900_000), claims: { size: 10 } }],
      'damaged (too many bytes',
    ],
    ['less than it says', [{ name: 'a', text: 'x', claims: { size: 10 } }], 'damaged (not enough bytes'],
    ['another sum', [{ name: 'a', text: 'x', claims: { sum: 1 } }], 'damaged ("a" is not what it was)'],
    [
      'data beyond the end',
      [{ name: 'a', text: 'x', claims: { packed: 5000 } }],
      'damaged (file data overflows',
    ],
    [
      'a place that is none',
      [{ name: 'a', text: 'x', claims: { at: 3 } }],
      'damaged (invalid local file header',
    ],
    ['fewer files than it says', zipOf(named('a'), 2), 'damaged'],
    ['nothing in it', [], 'it holds nothing'],
    ['an end that is missing', whole.subarray(0, whole.length / 2), 'damaged (End of central directory'],
    ['a file of no bytes', Buffer.alloc(0), 'damaged'],
    ['a page instead', Buffer.from('<html>sign in</html>'.repeat(9)), 'damaged (End of central directory'],
    ['a tar instead', archiveOf([entry('a', { text: 'x' })]), 'damaged (End of central directory'],
    ['something behind its end', Buffer.concat([whole, Buffer.from('x')]), 'damaged (Invalid comment length'],
  ])('with %s is refused', async (_, archive, why) => {
    const { code, message } = await problemOf(unpack(archive));
    expect({ code, message }).toEqual({ code: 'refused-by-policy', message: expect.stringContaining(why) });
    expect(readdirSync(folder).sort()).toEqual(['a', 'to']);
  });

  it('whose names are bad leaves nothing behind, not even what came before them', async () => {
    await problemOf(unpack(named('bin/a', 'bin/b', '../evil')));
    expect(readdirSync(join(folder, 'to'))).toEqual([]);
  });

  it('that is small and unpacks to a hundred times of it is refused before anything is written', async () => {
    const limits = { entries: 100, bytes: 4 * 1024 ** 3, ratio: 100 };
    const text = Buffer.alloc(70 * 1_048_576);
    const { message } = await problemOf(unpack([{ name: 'a', text }], limits));
    expect(message).toContain('more than 64 MiB');
    expect(readdirSync(join(folder, 'to'))).toEqual([]);
  });

  it('of an agent is unpacked, with folders of their own and without', async () => {
    const dll = randomBytes(300_000);
    await unpack([
      { name: 'bin/', method: 0 },
      { name: 'bin/Runner.Listener.exe', text: dll, method: 0 },
      { name: 'externals/node20/bin/npm', text: '#!/bin/sh', mode: 0o100755 },
      { name: 'externals/node20/größe.txt', text: 'x'.repeat(100_000) },
      { name: 'run.cmd', text: '' },
    ]);
    const at = (name: string) => join(folder, 'to', name);
    expect(readFileSync(at('bin/Runner.Listener.exe')).equals(dll)).toBe(true);
    expect(readFileSync(at('externals/node20/größe.txt'), 'utf8')).toHaveLength(100_000);
    expect(statSync(at('run.cmd')).size).toBe(0);
    if (process.platform !== 'win32')
      expect(statSync(at('externals/node20/bin/npm')).mode & 0o777).toBe(0o755);
  });
});

describe('names', () => {
  const part = fc.oneof(
    fc.constantFrom('a', 'A', '..', '.', '', 'nul', 'C:', 'b\\..', ' ', 'x.', 'com1.log', '..\\..'),
    fc.string({ maxLength: 6 }),
  );
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
  it('that are taken lie inside, on any system', () => {
    fc.assert(
      fc.property(path, (name) => {
        if (nameFault(name) !== null) return;
        expect(`${resolve('/r', name)}${sep}`).toMatch(/^\/r\/./);
        expect(name).not.toMatch(/[\\:]/);
      }),
    );
  });
  it('are each at a place of its own, whatever the case of their letters', () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 8 }), (names) => {
        const tree = new Tree();
        const taken = names.filter((name) => nameFault(name) === null && tree.add(name) === null);
        const files = taken.filter((name) => !name.endsWith('/')).map((name) => name.toUpperCase());
        expect(new Set(files).size).toBe(files.length);
      }),
    );
  });
});

describe('the store', () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const archive = zipOf(named('bin/Runner.Listener.exe', 'run.cmd'));
  const have = async (
    body: Buffer,
    os: string,
    url: string,
    sha256 = createHash('sha256').update(body).digest('hex'),
  ) => {
    const fetch = () => Promise.resolve(new Response(new Uint8Array(body)));
    const store = new AgentStore({ root: join(folder, 'agents'), now: () => 0, log, fetch });
    try {
      return await store.have('x', { version: '1.0.0', os, arch: 'x64', url, sha256, bearer: null });
    } finally {
      await store.close();
    }
  };

  it.each([
    ['win', 'https://x.test/download?id=7'],
    ['linux', 'https://x.test/actions-runner-1.0.0.ZIP?token=a'],
  ])('takes it for %s from %s', async (os, url) => {
    const at = await have(archive, os, url);
    expect(readdirSync(join(at, 'files')).sort()).toEqual(['bin', 'run.cmd']);
  });

  it('keeps nothing of one that is refused, or is not what was announced', async () => {
    const evil = zipOf(named('bin/a', '../evil'));
    expect(await problemOf(have(evil, 'win', 'https://x.test/'))).toMatchObject({
      code: 'refused-by-policy',
    });
    expect(await problemOf(have(archive, 'linux', 'https://x.test/a.tar.gz'))).toMatchObject({
      code: 'refused-by-policy',
    });
    expect(await problemOf(have(archive, 'win', 'https://x.test/', 'a'.repeat(64)))).toMatchObject({
      code: 'checksum-mismatch',
    });
    expect(readdirSync(join(folder, 'agents', 'x'))).toEqual([]);
    expect(existsSync(join(folder, 'evil'))).toBe(false);
  });
});
