/** The world of the demo: people and repositories at GitHub, an agent to download, and a home that is signed in. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GitHubDouble } from '../support/github/double.ts';
import { buildAgentArchive } from '../support/github-agent/archive.ts';
import { Home } from '../support/product.ts';

/** The agent's own waits are so much shorter than those of the real one. */
const time = 0.1;
const version = '2.336.0';

/** What `pool check` reads there. */
const workflow = (repository: string): string => `on: [push]
jobs:
  work:
    runs-on: ${repository.startsWith('acme/') ? '[self-hosted, company]' : 'self-hosted'}
    steps:
      - uses: actions/checkout@v4
      - run: make
`;

/** A person with three repositories who also administers an organisation; the answer is her token. */
export function people(github: GitHubDouble): string {
  github.addUser('ann');
  github.addOrganization('acme', { admins: ['ann'] });
  for (const name of ['ann/notes', 'ann/garden', 'ann/weather', 'acme/shop', 'acme/site'])
    github.addRepository(name, { workflows: { 'ci.yml': workflow(name) } });
  return github.addToken({ login: 'ann', scopes: ['repo', 'read:org', 'admin:org'] });
}

export async function offerAgent(github: GitHubDouble, dir: string): Promise<void> {
  const archive = await buildAgentArchive(path.join(dir, 'archives'), version, { time });
  github.addAgentVersion({
    ...archive,
    version,
    os: process.platform === 'darwin' ? 'osx' : 'linux',
    architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
    filename: path.basename(archive.file),
  });
}

const pools = [
  { id: 'mine', scope: 'ann/*', mode: 'auto', max: 4, idleTimeoutSeconds: 5 },
  { id: 'company', scope: 'acme', mode: 'ephemeral', min: 1, max: 3, labels: ['company'] },
];

/** A home with the account and the pools in its configuration; the token is in a file of its own. */
export function setUp(dir: string, { url, apiUrl }: GitHubDouble, token: string): Home {
  const secrets = path.join(dir, 'secrets');
  mkdirSync(secrets, { mode: 0o700 });
  const file = path.join(secrets, 'token');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  const home = new Home({ under: dir, env: { HOMERUNNER_ACCOUNT_ANN_FILE: file } });
  const account = { id: 'ann', forge: 'github', kind: 'token', login: 'ann', url, apiUrl, app: null };
  const small = { forge: 'github', account: 'ann', cores: 0.5, memoryMiB: 128 };
  const config = {
    ...{ version: 1, capacity: { slots: 6 }, resyncSeconds: 3 },
    accounts: [account],
    pools: pools.map((pool) => ({ ...small, ...pool })),
  };
  writeFileSync(path.join(home.path, 'config.json'), JSON.stringify(config, null, 2));
  return home;
}
