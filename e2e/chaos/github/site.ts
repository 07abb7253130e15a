/** Where a run of chaos at GitHub happens: the double, its agent, a home that is signed in, and a supervisor that is killed. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PoolEdit } from '../../../src-main/contract/pool.ts';
import { killAtExit } from '../../support/at-exit.ts';
import { type GitHubDouble, startGitHubDouble } from '../../support/github/double.ts';
import { buildAgentArchive } from '../../support/github-agent/archive.ts';
import { Home } from '../../support/product.ts';
import { remove } from '../../support/remove.ts';
import { until } from '../../support/until.ts';
import { Link } from '../link.ts';
import { Supervisor } from '../site.ts';

export interface ChaosSite {
  readonly dir: string;
  readonly ledger: string;
  readonly github: GitHubDouble;
  readonly home: Home;
  readonly link: Link;
  readonly supervisor: Supervisor;
  /** Runners of others and of nobody, planted at the start. */
  readonly planted: Planted;
}

interface Planted {
  /** Of another installation with the same prefix: must stay. */
  readonly foreign: readonly string[];
  /** Of our own, of which nothing is here: must go. */
  readonly ghosts: readonly string[];
}

/** A few seconds each, so that what takes GitHub minutes happens many times here. */
const waits = { online: 2000, handover: 1000, pickup: 8000, lost: 15_000 };
/** The polls take a fifth of the hour's limit: with the usual one a run of minutes would be a run of hours. */
const limits = { limit: 50_000, pointsPerMinute: 1_000_000 };

/** Runners at once, whatever the machine; every job stays in the history, so that it can be checked. */
const config = {
  version: 1,
  capacity: { slots: 8 },
  resyncSeconds: 2,
  history: { jobs: 100_000 },
  diskReserveGiB: 0,
};

/** Where jobs come from, and how often. */
export const repositories: readonly (readonly [weight: number, name: string])[] = [
  [2, 'ann/one'],
  [2, 'ann/two'],
  [3, 'acme/app'],
  [2, 'acme/site'],
  [1, 'bob/kept'],
];

/** Every mode and every kind of scope; short idle times, so that runners come and go. */
const pools: Readonly<Record<string, PoolEdit>> = {
  coming: { scope: 'ann/*', mode: 'auto', max: 3, idleTimeoutSeconds: 2 },
  fresh: { scope: 'acme', mode: 'ephemeral', min: 1, max: 3 },
  kept: { scope: 'bob/kept', mode: 'manual', min: 1, max: 1 },
};
export const poolIds = Object.keys(pools);

export async function openSite(): Promise<ChaosSite> {
  const dir = mkdtempSync(path.join(tmpdir(), 'hr-chaos-'));
  const github = await startGitHubDouble({ waits, limits });
  const token = peopleOf(github);
  await offerAgent(github, dir);
  const home = new Home({
    under: dir,
    env: { HOMERUNNER_DOUBLE_TIME: '0.1', HOMERUNNER_ACCOUNT_ANN: token },
  });
  killAtExit(home);
  writeFileSync(path.join(home.path, 'config.json'), JSON.stringify(config));
  const link = new Link(home);
  const supervisor = new Supervisor(home, path.join(dir, 'supervisor.log'));
  await supervisor.start();
  await signIn(github, link, token);
  const planted = plant(github, await installOf(github));
  return { dir, ledger: path.join(dir, 'ledger'), github, home, link, supervisor, planted };
}

export async function closeSite(site: ChaosSite): Promise<void> {
  site.link.close();
  await site.home.dispose();
  await site.github.close();
  await remove(site.dir);
}

/** The token of somebody who administers all of the repositories. */
function peopleOf(github: GitHubDouble): string {
  github.addUser('ann');
  github.addOrganization('acme', { admins: ['ann'] });
  for (const [, name] of repositories) github.addRepository(name, { collaborators: { ann: 'admin' } });
  return github.addToken({ login: 'ann', scopes: ['repo', 'read:org', 'admin:org'] });
}

async function offerAgent(github: GitHubDouble, dir: string): Promise<void> {
  const version = '2.336.0';
  const archive = await buildAgentArchive(dir, version, { time: 0.1 });
  github.addAgentVersion({
    ...archive,
    version,
    os: process.platform === 'darwin' ? 'osx' : 'linux',
    architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
    filename: path.basename(archive.file),
  });
}

async function signIn(github: GitHubDouble, link: Link, token: string): Promise<void> {
  const way = { kind: 'token', token } as const;
  await link.ask('account.add', { id: 'ann', forge: 'github', url: github.url, apiUrl: null, way });
  const common: PoolEdit = { forge: 'github', account: 'ann', cores: 1, memoryMiB: 256 };
  for (const [id, pool] of Object.entries(pools))
    await link.ask('pool.add', { id, pool: { ...common, ...pool } });
}

/** Six hex digits, as the first runner carries them in its name. */
async function installOf(github: GitHubDouble): Promise<string> {
  return until(
    () => github.runners().flatMap(({ name }) => /^hr-([0-9a-f]{6})-/.exec(name)?.[1] ?? [])[0],
    'a first runner is registered',
  );
}

function plant(github: GitHubDouble, install: string): Planted {
  const other = install === 'abc123' ? 'abc124' : 'abc123';
  const names = (one: string) => [
    ['acme', `hr-${one}-fresh-zzzzz1`],
    ['bob/kept', `hr-${one}-kept-zzzzz2`],
  ];
  const planted = (one: string) =>
    names(one).map(
      ([scope = '', name = '']) => github.plantRunner({ scope, name, labels: ['self-hosted'] }).name,
    );
  return { foreign: planted(other), ghosts: planted(install) };
}
