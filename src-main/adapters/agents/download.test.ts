import { mkdtempSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { noCertificates, selfSigned } from '../../../e2e/support/certificate.ts';
import { remove } from '../../../e2e/support/remove.ts';
import { problemOf } from '../../contract/problem.ts';
import { download } from './download.ts';

it('from a server whose certificate is not trusted is given up at once, and says what to do', async ({
  skip,
}) => {
  const lacking = noCertificates();
  if (lacking !== null) skip(lacking);
  const folder = mkdtempSync(path.join(tmpdir(), 'hr-tls-'));
  const server = https.createServer(selfSigned(folder, 'forge.test'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let connections = 0;
  server.on('connection', () => (connections += 1));
  try {
    const asking = download({
      title: 'The agent 1.0',
      url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/agent.tar.gz`,
      bearer: null,
      sha256: 'a'.repeat(64),
      file: path.join(folder, 'agent.tar.gz'),
      signal: AbortSignal.timeout(10_000),
      fetch: globalThis.fetch,
      maxBytes: 1000,
      progress: () => undefined,
      room: () => Promise.resolve(),
      waitMs: () => 1,
    });
    expect(problemOf(await asking.catch((error: unknown) => error))).toMatchObject({
      code: 'forge-unreachable',
      message:
        'The agent 1.0 cannot be downloaded: its server shows a certificate that this machine does not trust.',
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(connections).toBe(1);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await remove(folder);
  }
});
