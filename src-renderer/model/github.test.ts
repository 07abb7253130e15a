import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScopeOffer } from '../../src-main/contract/commands.ts';
import { speechOf } from '../texts/speech.ts';
import { expiryOf, nameOf } from './accounts.ts';
import { filterJobs, noFilter, repositoryOf, withWaiting } from './jobs.ts';
import { aJob, aPool, at, aWaiting } from './model.test-kit.ts';
import { hasGroups, matchingOffers, mayBePublic, modesAt, placeKind, scopeOf } from './places.ts';
import { atScope, checkedOf, type Draft, draftOf, editOf, errorsOf } from './pool-form.ts';
import { bytesOf, progressOf } from './work.ts';

const english = speechOf('en', 'en-GB');
const offer = (scope: string, more: Partial<ScopeOffer> = {}): ScopeOffer => ({
  ...{ scope, kind: 'repository', isPublic: false, admin: true },
  ...more,
});

describe('places', () => {
  test.each([
    ['harborline/tessera', 'repository'],
    ['harborline', 'organisation'],
    ['mira-holt/*', 'repositories'],
    ['enterprises/north-wind', 'enterprise'],
    ['', null],
    ['a/b/c', null],
    ['a b', null],
    ['/tessera', null],
    ['*', null],
  ] as const)('%j is %s', (scope, kind) => {
    expect(placeKind(scope)).toBe(kind);
  });
  test('the address of a page is a place too', () => {
    expect(scopeOf(' https://github.com/harborline/tessera.git ')).toBe('harborline/tessera');
    expect(scopeOf('https://git.example.org/harborline/')).toBe('harborline');
  });
  test('what is typed finds, and what is chosen hides nothing', () => {
    const offers = [offer('a/one'), offer('b/two'), offer('b/one-more')];
    expect(matchingOffers(offers, 'ONE').map(({ scope }) => scope)).toEqual(['a/one', 'b/one-more']);
    expect(matchingOffers(offers, 'b/two')).toEqual(offers);
    fc.assert(
      fc.property(fc.string(), (typed) => matchingOffers(offers, typed).every((one) => offers.includes(one))),
    );
  });
  test('only a repository that is known to be private needs no word about the public', () => {
    const offers = [offer('a/one'), offer('a/two', { isPublic: true }), offer('a', { kind: 'organisation' })];
    expect(mayBePublic('a/one', offers)).toBe(false);
    for (const scope of ['a/two', 'a', 'a/unknown']) expect(mayBePublic(scope, offers), scope).toBe(true);
  });
  test('what a place allows', () => {
    expect(modesAt('mira-holt/*')).not.toContain('manual');
    for (const scope of ['a/b', 'enterprises/x'])
      expect(modesAt(scope)).toEqual(['auto', 'manual', 'ephemeral']);
    expect(['a', 'enterprises/x', 'a/b', 'a/*'].map(hasGroups)).toEqual([true, true, false, false]);
  });
});

describe('the form of a pool of GitHub', () => {
  const own = { cores: 1, memoryMiB: 2048 };
  const draft: Draft = {
    ...draftOf(null, own),
    ...{ forge: 'github', account: 'mira', scope: 'https://github.com/harborline/tessera', group: ' x ' },
  };
  test('says where, and a group only where there are groups', () => {
    expect(editOf(draft, null)).toMatchObject({
      ...{ forge: 'github', account: 'mira', scope: 'harborline/tessera', group: null },
    });
    expect(editOf({ ...draft, scope: 'harborline' }, null)).toMatchObject({ group: 'x' });
    expect(editOf(draftOf(null, own), null)).not.toHaveProperty('forge');
  });
  test('an untouched one changes nothing', () => {
    const pool = aPool({ forge: 'github', scope: 'a', account: 'mira', group: 'x', publicAllowed: true });
    expect(editOf(draftOf(pool, own), pool)).toEqual({});
    expect(checkedOf({ labels: ['x'] }, pool)).toMatchObject({ scope: 'a', labels: ['x'] });
    expect(checkedOf({}, pool)).not.toHaveProperty('id');
    expect(checkedOf({ name: 'b' }, null)).toEqual({});
  });
  test('what is missing or cannot be is named', () => {
    expect(errorsOf(draft, english)).toEqual({});
    expect(errorsOf({ ...draft, account: '' }, english)).toHaveProperty('account');
    expect(errorsOf({ ...draft, scope: 'a b' }, english)).toHaveProperty('scope');
    const many = { ...draft, scope: 'mira/*', mode: 'ephemeral', min: '1' } as const;
    expect(errorsOf(many, english)).toHaveProperty('min');
    expect(errorsOf({ ...many, min: '0' }, english)).toEqual({});
  });
  test('another place takes what it allows', () => {
    expect(atScope({ ...draft, mode: 'manual', min: '2' }, 'mira/*')).toMatchObject({
      mode: 'auto',
      min: '0',
    });
    expect(atScope({ ...draft, mode: 'auto' }, 'enterprises/x').mode).toBe('auto');
    expect(atScope({ ...draft, mode: 'ephemeral' }, 'a/b').mode).toBe('ephemeral');
  });
});

describe('jobs of a forge', () => {
  const url = 'https://github.com/harborline/tessera/actions/runs/1/job/2';
  test('know their repository', () => {
    expect(repositoryOf({ url })).toBe('harborline/tessera');
    for (const none of [null, '', 'nonsense', 'https://github.com/', 'https://github.com/a/b'])
      expect(repositoryOf({ url: none })).toBeNull();
    expect(filterJobs([aJob({ url }), aJob({})], { ...noFilter, text: 'tessera' })).toHaveLength(1);
  });
  test('that wait there are listed once', () => {
    const waiting = [
      aWaiting({ job: 'gh-1', forge: 'github', url, name: 'build' }),
      aWaiting({ job: 'gh-2', forge: 'github' }),
      aWaiting({ job: 'here' }),
    ];
    const listed = withWaiting([aJob({ id: 'gh-2' })], waiting);
    expect(listed.map(({ id, state }) => [id, state])).toEqual([
      ['gh-1', 'queued'],
      ['gh-2', 'succeeded'],
    ]);
  });
});

test('accounts are named with their host where it is another, and say when they end', () => {
  expect(nameOf({ login: 'mira', url: 'https://github.com' })).toBe('mira');
  expect(nameOf({ login: 'mira', url: 'https://git.example.org' })).toBe('mira (git.example.org)');
  expect(expiryOf(null, at, english)).toBeNull();
  expect(expiryOf(at + 3 * 86_400_000, at, english)).toEqual({
    ...{ text: 'It ends in 3 days, on 27 Nov.', soon: true },
  });
  expect(expiryOf(at + 30 * 86_400_000, at, english)?.soon).toBe(false);
  expect(expiryOf(at - 1000, at, english)).toEqual({ text: 'It ended on 24 Nov.', soon: true });
});

test('work in the background says how far it is, and is never more than all of it', () => {
  expect(progressOf({ done: 5, total: null })).toBeNull();
  expect(progressOf({ done: 0, total: 0 })).toBeNull();
  expect(progressOf({ done: 20, total: 10 })).toBe(1);
  expect(bytesOf({ done: 118e6, total: 176e6 }, english)).toBe('118 of 176\u00a0MB');
  expect(bytesOf({ done: 1.5e6, total: null }, english)).toBe('1.5\u00a0MB');
});
