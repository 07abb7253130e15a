import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../contract/pool.ts';
import { makePool, makeRecord } from '../../../core/testing/make.ts';
import { newPlaces } from './places.ts';

const day = 24 * 3_600_000;
const poolAt = (scope: string | null, more: Partial<Pool> = {}): Pool =>
  makePool({ forge: 'github', account: 'me', scope, ...more });
const at = (scope: string, account = 'me') => ({ scope, account });

describe('places', () => {
  it('are the scopes of the pools at GitHub, each once', () => {
    const pools = [
      ...[poolAt('acme/app'), poolAt('acme'), poolAt('enterprises/big'), poolAt('acme/app')],
      ...[poolAt('ann/*'), poolAt(null), poolAt('x/y', { account: null }), poolAt('x/y', { forge: 'local' })],
    ];
    const places = newPlaces(
      () => pools,
      [],
      () => 0,
    );
    expect(places.all()).toEqual([at('acme/app'), at('acme'), at('enterprises/big')]);
  });

  it('are of many repositories those alone at which something was registered, for a day after the last', () => {
    let now = 0;
    const places = newPlaces(
      () => [poolAt('ann/*')],
      [],
      () => now,
    );
    places.used(at('ann/one'));
    places.used({ scope: null, account: 'me' });
    places.used({ scope: 'ann/two', account: null });
    now = day / 2;
    places.used(at('ann/two'));
    expect(places.all()).toEqual([at('ann/one'), at('ann/two')]);
    now = day + 1;
    places.used(at('ann/two'));
    expect(places.all()).toEqual([at('ann/two')]);
    now = 2 * day;
    expect(places.all()).toEqual([at('ann/two')]);
  });

  it('are those too at which an earlier supervisor registered, also where their pool is gone', () => {
    const left = [
      makeRecord({ forge: 'github', scope: 'ann/left', account: 'old' }),
      makeRecord({ forge: 'local', scope: 'ann/other', account: 'old' }),
    ];
    expect(
      newPlaces(
        () => [],
        left,
        () => 0,
      ).all(),
    ).toEqual([at('ann/left', 'old')]);
  });
});
