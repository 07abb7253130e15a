import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folders, record, release } from './agent.test-kit.ts';
import { prepare, preparedVersion, versionThatRan } from './prepare.ts';
import { isHalfRenewed, renew } from './renew.ts';

let at = '';
let home = '';
beforeEach(() => {
  at = mkdtempSync(join(tmpdir(), 'renew-'));
  home = join(at, 'runner');
  mkdirSync(home);
});
afterEach(() => rmSync(at, { recursive: true, force: true }));

const agent = (...names: string[]) => join(home, 'agent', ...names);
const text = (...names: string[]) => readFileSync(agent(...names), 'utf8');
const next = { ...release, version: '2.337.0' };

async function persistent(): Promise<void> {
  const options = { folders: folders(at, 'old'), platform: 'linux', environment: {} } as const;
  const config = Buffer.from(JSON.stringify({ '.runner': 'e30=', '.credentials': 'e30=' })).toString(
    'base64',
  );
  await prepare(record(), home, release, { kind: 'jit', config }, options);
  mkdirSync(agent('_work'));
  writeFileSync(agent('_work', 'mine'), 'kept');
  writeFileSync(agent('bin', 'gone.dll'), 'of the old one');
}

it('a persistent runner gets another version, and keeps its registration and its work', async () => {
  await persistent();
  await renew(home, next, folders(at, 'new'));
  expect(text('bin', 'Runner.Listener')).toContain('new');
  expect(existsSync(agent('bin', 'gone.dll'))).toBe(false);
  expect([text('.runner'), text('_work', 'mine')]).toEqual(['{}', 'kept']);
  expect(await preparedVersion(home)).toBe('2.337.0');
  expect(readdirSync(home).sort()).toEqual(['agent', 'agent-version']);
});

it('a process that ended before that had the former version', async () => {
  await persistent();
  const endedAt = Date.now() + 1000;
  expect([await versionThatRan(home, null), await versionThatRan(home, endedAt)]).toEqual([
    release.version,
    release.version,
  ]);
  await renew(home, next, folders(at, 'new'));
  expect([await versionThatRan(home, null), await versionThatRan(home, 1)]).toEqual(['2.337.0', null]);
});

it('one that was cut short is done again', async () => {
  await persistent();
  const store = folders(at, 'new');
  await store.instance(await store.have('x', next), join(home, 'agent-next'));
  rmSync(agent('bin'), { recursive: true });
  expect([isHalfRenewed(home), await preparedVersion(home)]).toEqual([true, release.version]);
  await renew(home, next, store);
  expect([isHalfRenewed(home), text('bin', 'Runner.Listener')]).toEqual([false, '#!/bin/sh\nnew\n']);
});

it('one that cannot be had changes nothing', async () => {
  await persistent();
  const broken = { ...folders(at, 'new'), have: () => Promise.reject(new Error('no room')) };
  await expect(renew(home, next, broken)).rejects.toThrow('no room');
  expect([text('bin', 'Runner.Listener'), isHalfRenewed(home)]).toEqual(['#!/bin/sh\nold\n', false]);
});
