import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noCertificates, type SelfSigned, selfSigned } from '../../../e2e/support/certificate.ts';
import { startProxy } from '../../../e2e/support/proxy.ts';
import { remove } from '../../../e2e/support/remove.ts';
import { problemOf } from '../../contract/problem.ts';
import { extraAuthorities } from './authorities.ts';
import { proxiesOf } from './proxies.ts';
import { proxyFetch } from './proxy-fetch.ts';

const lacking = noCertificates();
const host = 'forge.test';

describe.skipIf(lacking !== null)(`extra authorities${lacking === null ? '' : ` (${lacking})`}`, () => {
  let folder: string;
  let certificate: SelfSigned;
  let server: https.Server;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'hr-tls-'));
    certificate = selfSigned(folder, host);
    server = https.createServer(certificate, (_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await remove(folder);
  });

  it('are read where the runtime reads none, from a file with certificates', () => {
    const of = (file: string, isElectron = true) =>
      extraAuthorities({ NODE_EXTRA_CA_CERTS: file }, isElectron);
    expect(of(certificate.file)?.at(-1)).toBe(certificate.cert);
    expect(of(certificate.file)?.length).toBeGreaterThan(50);
    expect(of(certificate.file, false)).toBeNull();
    const wrong = path.join(folder, 'wrong.pem');
    writeFileSync(wrong, 'no certificate');
    expect([of(''), of(wrong), of(path.join(folder, 'missing.pem'))]).toEqual([null, null, null]);
  });

  it('are trusted through a proxy and without one', async () => {
    const proxy = await startProxy();
    const { port } = server.address() as AddressInfo;
    proxy.names.set(host, port);
    const authorities = extraAuthorities({ NODE_EXTRA_CA_CERTS: certificate.file }, true);
    const proxies = proxiesOf({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    try {
      expect(await (await proxyFetch(proxies, authorities)(`https://${host}/`)).text()).toBe('hello');
      expect(proxy.asked).toEqual([`CONNECT ${host}:443`]);
      const untrusted = { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } };
      await expect(proxyFetch(proxies)(`https://${host}/`)).rejects.toMatchObject(untrusted);
      // Without a proxy nobody knows the name: trusted as it is, it is the wrong one.
      const direct = proxyFetch(proxiesOf({}), authorities)(`https://127.0.0.1:${port}/`);
      await expect(direct).rejects.toMatchObject({ cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
    } finally {
      await proxy.close();
    }
  });

  it('are trusted of the proxy too; whose certificate is not is said to be the proxy’s', async () => {
    const proxy = await startProxy(selfSigned(folder, 'localhost'));
    proxy.names.set(host, (server.address() as AddressInfo).port);
    const at = (name: string) => proxiesOf({ HTTPS_PROXY: `https://${name}:${proxy.port}` });
    const file = path.join(folder, 'both.pem');
    writeFileSync(file, certificate.cert + readFileSync(path.join(folder, 'certificate.pem'), 'utf8'));
    const both = extraAuthorities({ NODE_EXTRA_CA_CERTS: file }, true);
    const told = async (asking: Promise<unknown>) =>
      problemOf(await asking.catch((error: unknown) => error)).message;
    try {
      expect((await proxyFetch(at('localhost'), both)(`https://${host}/`)).status).toBe(200);
      expect(await told(proxyFetch(at('localhost'))(`https://${host}/`))).toBe(
        `The proxy https://localhost:${proxy.port}, which HTTPS_PROXY names, shows a certificate that this machine does not trust.`,
      );
      expect(await told(proxyFetch(at('127.0.0.1'), both)(`https://${host}/`))).toBe(
        `The proxy https://127.0.0.1:${proxy.port}, which HTTPS_PROXY names, shows a certificate that was made for another name.`,
      );
    } finally {
      await proxy.close();
    }
  });
});
