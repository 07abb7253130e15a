import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../contract/problem.ts';
import { proxiesOf, proxyFor, saidOf } from './proxies.ts';

const by = (environment: Record<string, string>, url: string) =>
  proxyFor(proxiesOf(environment), new URL(url))?.origin ?? null;
const forge = 'https://api.github.com/user';

describe('the proxy for an address', () => {
  it('is what the variable of its kind names, in either case of letters, else what ALL_PROXY does', () => {
    expect(by({}, forge)).toBeNull();
    expect(by({ HTTPS_PROXY: ' ' }, forge)).toBeNull();
    expect(by({ HTTPS_PROXY: 'http://p:3128' }, forge)).toBe('http://p:3128');
    expect(by({ HTTPS_PROXY: 'http://p:1', https_proxy: 'https://q:2/' }, forge)).toBe('https://q:2');
    expect(by({ HTTP_PROXY: 'http://p:1' }, forge)).toBeNull();
    expect(by({ HTTP_PROXY: 'http://p:1' }, 'http://ghes.example')).toBe('http://p:1');
    expect(by({ ALL_PROXY: 'p:3128' }, forge)).toBe('http://p:3128');
  });

  it('has its name and password by themselves, decoded', () => {
    const proxies = proxiesOf({ HTTPS_PROXY: 'http://ann:p%40ss%3A1@proxy.example:8080' });
    expect(proxyFor(proxies, new URL(forge))).toEqual({
      variable: 'HTTPS_PROXY',
      origin: 'http://proxy.example:8080',
      login: 'ann:p@ss:1',
    });
  });

  it('is none for what NO_PROXY names, and for this machine where it says nothing', () => {
    const exempt = (entry: string, url: string) =>
      by({ ALL_PROXY: 'http://p:1', NO_PROXY: entry }, url) === null;
    for (const url of [
      'http://127.0.0.1:80',
      'http://localhost:1',
      'http://[::1]:9',
      'https://a.localhost',
    ]) {
      expect(exempt('', url)).toBe(true);
      expect(exempt('other.example', url)).toBe(false);
    }
    expect(exempt('*', forge)).toBe(true);
    expect(exempt('x.example, github.com', forge)).toBe(true);
    expect(exempt('.github.com', forge)).toBe(true);
    expect(exempt('*.GITHUB.com', forge)).toBe(true);
    expect(exempt('hub.com', forge)).toBe(false);
    expect(exempt('api.github.com:443', forge)).toBe(true);
    expect(exempt('api.github.com:8443', forge)).toBe(false);
    expect(exempt('::1 [fe80::1]:8080', 'http://[::1]')).toBe(true);
    expect(exempt('[fe80::1]:8080', 'http://[fe80::1]:8080')).toBe(true);
    expect(exempt('[fe80::1]:8080', 'http://[fe80::1]')).toBe(false);
  });

  it.each([
    ['http://', /is no address/],
    ['socks5://p:1080', /by socks5, which Homerunner cannot ask/],
    ['http://ann:secret%@p:1', /stands for nothing/],
    ['http://secret word:1', /is no address/],
  ])('%s is said to be wrong, without the secret in it, and nothing goes past it', (value, words) => {
    const proxies = proxiesOf({ HTTPS_PROXY: value });
    expect(() => proxyFor(proxies, new URL(forge))).toThrow(ProblemError);
    const said = saidOf(proxies);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(words);
    expect(said[0]).toContain('HTTPS_PROXY');
    expect(said[0]).not.toContain('secret');
  });

  it('is not asked by socks of ALL_PROXY, which is said where no other is named', () => {
    expect(by({ all_proxy: 'socks5://p:1' }, forge)).toBeNull();
    expect(saidOf(proxiesOf({ all_proxy: 'socks5://p:1' }))[0]).toMatch(/^all_proxy.*set HTTPS_PROXY/);
    expect(saidOf(proxiesOf({ all_proxy: 'socks5://p:1', HTTPS_PROXY: 'http://q:1' }))).toEqual([]);
    expect(saidOf(proxiesOf({ HTTPS_PROXY: 'http://q:1' }))).toEqual([]);
  });
});
