import { expect, it } from 'vitest';
import { proxyWarning } from './proxy.ts';

it('says that a proxy is passed by, and how to use it', () => {
  expect(proxyWarning({}, '20.19.0')).toBeNull();
  expect(proxyWarning({ HTTPS_PROXY: '' }, '20.19.0')).toBeNull();
  expect(proxyWarning({ HTTPS_PROXY: 'http://p:1' }, '20.19.0')).toMatch(/^HTTPS_PROXY.*with Node 24/);
  expect(proxyWarning({ https_proxy: 'http://p:1' }, '24.1.0')).toMatch(
    /^https_proxy.*Set NODE_USE_ENV_PROXY=1/,
  );
  expect(proxyWarning({ https_proxy: 'http://p:1', NODE_USE_ENV_PROXY: '1' }, '24.1.0')).toBeNull();
});
