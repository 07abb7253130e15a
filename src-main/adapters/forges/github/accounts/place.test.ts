import { describe, expect, it } from 'vitest';
import { isForgeAddress, isSafeAddress } from '../../../../contract/account.ts';
import { hostOf, placeOf, tokenPage } from './place.ts';

describe('the place of an account', () => {
  it.each([
    [null, 'https://github.com', 'https://api.github.com'],
    ['https://github.com/', 'https://github.com', 'https://api.github.com'],
    ['https://octo.ghe.com', 'https://octo.ghe.com', 'https://api.octo.ghe.com'],
    ['https://octo.ghe.com/', 'https://octo.ghe.com', 'https://api.octo.ghe.com'],
    ['https://github.example.org', 'https://github.example.org', 'https://github.example.org/api/v3'],
    [
      'https://github.example.org:8443',
      'https://github.example.org:8443',
      'https://github.example.org:8443/api/v3',
    ],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000', 'http://127.0.0.1:3000/api/v3'],
    // Another domain that only looks alike is a server of its own.
    ['https://octo-ghe.com', 'https://octo-ghe.com', 'https://octo-ghe.com/api/v3'],
    ['https://ghe.com.example.org', 'https://ghe.com.example.org', 'https://ghe.com.example.org/api/v3'],
  ])('at %s has its pages at %s and its API at %s', (url, pages, api) => {
    expect(placeOf({ url, apiUrl: null })).toEqual({ url: pages, apiUrl: api });
  });

  it('has its API where it is told to be', () => {
    const place = placeOf({ url: 'https://octo.ghe.com', apiUrl: 'https://proxy.example.org/api/' });
    expect(place).toEqual({ url: 'https://octo.ghe.com', apiUrl: 'https://proxy.example.org/api' });
    expect([hostOf(place), tokenPage(place).split('?')[0]]).toEqual([
      'octo.ghe.com',
      'https://octo.ghe.com/settings/tokens/new',
    ]);
  });

  it.each([
    ['https://octo.ghe.com', true],
    ['http://127.0.0.1:3000', true],
    ['http://[::1]:3000', true],
    ['http://localhost', true],
    ['http://octo.ghe.com', false],
    ['http://127.0.0.1.example.org', false],
    ['http://10.0.0.1', false],
    ['https://me:secret@octo.ghe.com', false],
    ['https://octo.ghe.com/?token=x', false],
    ['ftp://octo.ghe.com', false],
    ['octo.ghe.com', false],
  ])('%s: %s', (address, isSafe) => {
    expect(isSafeAddress(address)).toBe(isSafe);
    expect(isForgeAddress(address)).toBe(isSafe);
  });

  it('is a whole forge, not a page of it', () => {
    const pages = ['https://github.com/', 'https://github.com/octo', 'https://git.lab/octo/site/settings'];
    expect(pages.map(isForgeAddress)).toEqual([true, false, false]);
  });
});
