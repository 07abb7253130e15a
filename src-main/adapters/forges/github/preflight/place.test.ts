import { describe, expect, it } from 'vitest';
import { placeOf } from './place.ts';

describe('a scope', () => {
  it.each([
    ['ann/app', 'repository'],
    ['ann/*', 'owner'],
    ['acme', 'organisation'],
    ['enterprises/big', 'enterprise'],
    ['', undefined],
    ['a/', undefined],
    ['/a', undefined],
    ['a b', undefined],
    ['a/..', undefined],
    ['*', undefined],
    ['*/a', undefined],
  ])('%s is %s', (text, kind) => {
    expect(placeOf(text)?.kind).toBe(kind);
  });
});
