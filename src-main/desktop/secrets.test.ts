import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Cipher } from './cipher.ts';
import { openSecrets } from './secrets.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A keyring with one key, which may be locked, and lost. */
function keyring(key: string): Cipher & { open: boolean } {
  return {
    open: true,
    backend: () => 'test',
    available() {
      return Promise.resolve(this.open);
    },
    encrypt: (text) => Promise.resolve(Buffer.from(key + Array.from(text).reverse().join(''))),
    decrypt: (data) =>
      data.toString().startsWith(key)
        ? Promise.resolve(Array.from(data.toString().slice(key.length)).reverse().join(''))
        : Promise.reject(new Error('wrong key')),
  };
}

it('keeps ciphertext in a file for the owner alone, and finds it again', async () => {
  await openSecrets(file, keyring('k')).set('TOKEN', 'abc');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain('abc');
  const again = openSecrets(file, keyring('k'));
  expect(await again.get('TOKEN')).toBe('abc');
  expect(await again.get('OTHER')).toBeNull();
  again.remove('TOKEN');
  again.remove('TOKEN');
  expect(await again.get('TOKEN')).toBeNull();
});

it('of a locked or another keyring says so, and loses nothing', async () => {
  const cipher = keyring('k');
  const secrets = openSecrets(file, cipher);
  await secrets.set('TOKEN', 'abc');
  cipher.open = false;
  await expect(secrets.get('TOKEN')).rejects.toMatchObject({
    problem: { code: 'no-keyring', subject: 'TOKEN' },
  });
  await expect(openSecrets(file, keyring('other')).get('TOKEN')).rejects.toThrow(
    'a key that the keyring does not hold',
  );
  cipher.open = true;
  expect(await secrets.get('TOKEN')).toBe('abc');
});

it('without a keyring keeps it in memory alone, until there is one', async () => {
  const cipher = keyring('k');
  cipher.open = false;
  const secrets = openSecrets(file, cipher);
  await secrets.set('TOKEN', 'abc');
  expect(await secrets.get('TOKEN')).toBe('abc');
  expect(await openSecrets(file, cipher).get('TOKEN')).toBeNull();
  expect(await secrets.state()).toMatchObject({
    backend: null,
    problem: { code: 'no-keyring' },
    secrets: ['TOKEN'],
  });
  cipher.open = true;
  await secrets.set('TOKEN', 'def');
  expect(await openSecrets(file, cipher).get('TOKEN')).toBe('def');
  expect(await secrets.state()).toEqual({ backend: 'test', problem: null, secrets: ['TOKEN'] });
});
