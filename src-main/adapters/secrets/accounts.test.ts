import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../contract/account.ts';
import { problemOf } from '../../contract/problem.ts';
import { headlessAccountSecrets, keyringAccounts } from './accounts.ts';
import { headlessSecrets } from './headless.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'account-secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
/** A keyring that keeps each secret in a file, and all arguments in another. */
const keyring = (script = '') => {
  chmodSync(
    file(
      'secret-tool',
      `#!/bin/sh
echo "$@" >> '${dir}/args'
${script}
for last; do kind="$value"; value="$last"; done; last="$kind-$value"
case "$1" in
  store) /bin/cat > '${dir}/kept-'"$last" ;;
  lookup) [ -f '${dir}/kept-'"$last" ] && exec /bin/cat '${dir}/kept-'"$last"; exit 1 ;;
  clear) /bin/rm -f '${dir}/kept-'"$last" ;;
  search) exit 0 ;;
esac`,
    ),
    0o755,
  );
};
const secrets = (env: Record<string, string> = {}) =>
  headlessAccountSecrets({ env: { PATH: dir, ...env }, timeoutMs: 3000 });
const account = (kind: Account['kind'], id = 'me-2') => ({ kind, id }) as Account;
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (thrown: unknown) => problemOf(thrown).code,
  );

describe('headless', () => {
  it('keeps in the keyring, by standard input', async () => {
    keyring();
    expect(await secrets().get('me-2')).toBeNull();
    expect(await secrets().set('me-2', 'the-token')).toBe('keyring');
    expect(await secrets().get('me-2')).toBe('the-token');
    expect(secrets().placeOf(account('token'))).toBe('keyring');
    expect(readFileSync(join(dir, 'args'), 'utf8')).not.toContain('the-token');
    await secrets().remove('me-2');
    expect(await secrets().get('me-2')).toBeNull();
  });

  it('keeps in memory where there is no keyring, or it refuses', async () => {
    const bare = secrets();
    expect(await bare.set('me-2', 'the-token')).toBe('memory');
    expect(await bare.get('me-2')).toBe('the-token');
    expect(bare.placeOf(account('token'))).toBe('memory');
    await bare.remove('me-2');
    expect(await bare.get('me-2')).toBeNull();
    expect(bare.placeOf(account('token'))).toBe('nowhere');
    keyring('[ "$1" = store ] && exit 1');
    expect(await secrets().set('me-2', 'the-token')).toBe('memory');
  });

  it('knows beforehand whether it would outlive this process', async () => {
    expect(await secrets().lasts()).toBe(false);
    keyring();
    expect(await secrets().lasts()).toBe(true);
    keyring('echo "cannot reach" >&2; exit 1');
    expect(await secrets().lasts()).toBe(false);
  });

  it('takes what is given from outside, and says that it is not ours', async () => {
    keyring();
    const env = { HOMERUNNER_ACCOUNT_ME_2: 'from-variable' };
    const given = secrets(env);
    expect(await given.get('me-2')).toBe('from-variable');
    expect(given.placeOf(account('token'))).toBe('elsewhere');
    expect(await secrets({ HOMERUNNER_ACCOUNT_ME_2_FILE: file('t', 'from-file\n') }).get('me-2')).toBe(
      'from-file',
    );
    file('homerunner-account-me-2', 'credential\n');
    expect(await secrets({ CREDENTIALS_DIRECTORY: dir }).get('me-2')).toBe('credential');
    expect(await code(secrets({ HOMERUNNER_ACCOUNT_ME_2_FILE: join(dir, 'no') }).get('me-2'))).toBe(
      'unauthorized',
    );
    expect(secrets().placeOf(account('gh'))).toBe('elsewhere');
  });

  it('tells a keyring that is locked or silent from one that has nothing', async () => {
    keyring('[ "$1" = lookup ] && exit 1; [ "$1" = search ] && echo "[/1]"');
    expect(await code(secrets().get('me-2'))).toBe('no-keyring');
    keyring('echo "cannot reach" >&2; exit 1');
    expect(await code(secrets().get('me-2'))).toBe('no-keyring');
    keyring('/bin/sleep 5');
    expect(await code(headlessAccountSecrets({ env: { PATH: dir }, timeoutMs: 200 }).get('me-2'))).toBe(
      'no-keyring',
    );
  });

  it('shows the keyring’s program none of our variables', async () => {
    keyring(`/usr/bin/env > '${dir}/env'`);
    await secrets({ HOMERUNNER_ACCOUNT_OTHER: 'other-token' }).get('me-2');
    expect(existsSync(join(dir, 'env'))).toBe(true);
    expect(readFileSync(join(dir, 'env'), 'utf8')).not.toContain('other-token');
  });

  it('gives a job nothing, whatever name it asks for', async () => {
    keyring();
    await secrets().set('me-2', 'the-token');
    file('homerunner-account-me-2', 'credential');
    const env = { PATH: dir, HOMERUNNER_ACCOUNT_ME_2: 'from-variable', CREDENTIALS_DIRECTORY: dir };
    const jobs = headlessSecrets({ env });
    for (const name of ['me-2', 'ME_2', 'account', 'homerunner-account-me-2', 'HOMERUNNER_ACCOUNT_ME_2']) {
      expect(await jobs.get(name)).toBeNull();
    }
  });
});

it('a desktop tells whether its keyring answered', async () => {
  const kept = new Map<string, string>();
  let backend: string | null = 'gnome_libsecret';
  const desktop = keyringAccounts({
    get: async (name) => kept.get(name) ?? null,
    set: async (name, value) => void kept.set(name, value),
    remove: (name) => void kept.delete(name),
    state: async () => ({ backend }),
  });
  expect(await desktop.set('me-2', 'a')).toBe('keyring');
  expect(desktop.placeOf(account('token'))).toBe('keyring');
  backend = null;
  expect(await desktop.set('me-2', 'b')).toBe('memory');
  expect(desktop.placeOf(account('token'))).toBe('memory');
  expect(desktop.placeOf(account('environment'))).toBe('elsewhere');
  await desktop.remove('me-2');
  expect(await desktop.get('me-2')).toBeNull();
  expect(desktop.placeOf(account('token'))).toBe('nowhere');
});
