/** A GitHub that is reached by https alone, through a proxy alone: nobody else knows where its name leads. */
import { lookup } from 'node:dns/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Light } from '../../src-main/contract/commands.ts';
import { noCertificates, type SelfSigned, selfSigned } from '../support/certificate.ts';
import { finished, type Finished } from '../support/product.ts';
import { type SmallProxy, startProxy } from '../support/proxy.ts';
import { remove } from '../support/remove.ts';
import { cleared } from './agents.ts';
import { allow } from './held.ts';
import { GitHubSite } from './site.ts';

const host = 'github.test';
const password = 'Pr0xy$word';
const lacking = noCertificates();

let folder: string;
let certificate: SelfSigned;
let proxy: SmallProxy;
let site: GitHubSite;

/** A home whose proxy leads to the double, with more in its environment; another name may lead there too. */
async function open(env: Readonly<Record<string, string>>, called = host): Promise<void> {
  site = await GitHubSite.open({
    double: { tls: { ...certificate, host: called } },
    env: { HTTPS_PROXY: `http://ann:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`, ...env },
  });
  proxy.names.set(called, Number(new URL(site.github.url).port));
}

/** The sign-in as a person types it. */
async function signIn(): Promise<Finished> {
  const { github, home, token } = site;
  const child = home.spawn(['account', 'add', '--forge', 'github', '--url', github.url, '--token-stdin']);
  child.stdin?.end(`${token}\n`);
  return finished(child);
}

describe.skipIf(lacking !== null)(
  `by https through a proxy${lacking === null ? '' : ` (${lacking})`}`,
  () => {
    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'hr-tls-'));
      certificate = selfSigned(folder, host);
    });
    afterAll(() => remove(folder));
    beforeEach(async () => {
      proxy = await startProxy();
      proxy.login = `ann:${password}`;
    });
    afterEach(async () => {
      expect(site.github.violations).toEqual([]);
      await site.dispose();
      await proxy.close();
    });

    it('signs in, looks at the pool, fetches the agent, registers a runner, and does a job to its end', async () => {
      await expect(lookup(host)).rejects.toMatchObject({ syscall: 'getaddrinfo' });
      await open({ NODE_EXTRA_CA_CERTS: certificate.file, SSL_CERT_FILE: certificate.file });
      const { github, home } = site;
      expect(github.url).toMatch(/^https:\/\/github\.test:\d+$/);
      allow(home, 2);
      await site.run();

      const { stdout } = await home.cli(['pool', 'check', 'github', '--json']);
      const { lights } = JSON.parse(stdout) as { lights: readonly Light[] };
      expect(lights.filter(({ blocks, ok }) => blocks && !ok)).toEqual([]);
      expect(lights.find(({ name }) => name === 'scope')).toMatchObject({ ok: true });

      // Actions that Node runs trust by the same file.
      const script = `test "$NODE_EXTRA_CA_CERTS" = '${certificate.file}' && test -n "$HTTPS_PROXY"`;
      const labels = ['self-hosted', 'linux'];
      const [job = 0] = github.queueJob({ repository: 'ann/tools', labels, name: 'build', script });
      const [done] = await site.ended(1);
      expect(done).toMatchObject({ state: 'succeeded', id: `gh-${job}` });
      expect(done?.url?.startsWith(`${github.url}/ann/tools/`)).toBe(true);
      expect(github.jobRuns.get(job)).toBe(1);

      const asked = github.requests.map(({ path: to, status }) => `${status} ${to}`);
      expect(asked.some((request) => request.endsWith('.tar.gz'))).toBe(true);
      expect(asked).toContain('201 /repos/ann/tools/actions/runners/generate-jitconfig');
      expect(github.requests.some(({ agent }) => agent)).toBe(true);
      await cleared(site);
      expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${new URL(github.url).host}`]));
      // The first that goes through each tunnel is the greeting of TLS: nothing goes in the clear.
      expect(new Set(proxy.first.map((bytes) => bytes[0]))).toEqual(new Set([0x16]));
    });

    it('says of a certificate that is not trusted what to do, and nothing is sent there', async () => {
      await open({});
      await site.home.run();
      const { code, stderr } = await signIn();
      expect(code).not.toBe(0);
      expect(stderr).toContain(
        `${new URL(site.github.url).host} shows a certificate that this machine does not trust.`,
      );
      expect(stderr).toContain('NODE_EXTRA_CA_CERTS');
      expect(site.github.requests).toEqual([]);
    });

    it('says of a certificate for another name that the address is wrong', async () => {
      await open({ NODE_EXTRA_CA_CERTS: certificate.file }, 'other.test');
      await site.home.run();
      const { code, stderr } = await signIn();
      expect(code).not.toBe(0);
      expect(stderr).toContain(
        `${new URL(site.github.url).host} shows a certificate that was made for another name.`,
      );
      expect(site.github.requests).toEqual([]);
    });
  },
);
