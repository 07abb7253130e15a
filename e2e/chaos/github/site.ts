/** Where one run of chaos with GitHub happens: its double, a home that is signed in, and the supervisor that is killed. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { killAtExit } from '../../support/at-exit.ts';
import { type GitHubDouble, startGitHubDouble } from '../../support/github/double.ts';
import type { RunnerRow } from '../../support/github/model.ts';
import { buildAgentArchive } from '../../support/github-agent/archive.ts';
import { Home } from '../../support/product.ts';
import { remove } from '../../support/remove.ts';
import { until } from '../../support/until.ts';
import { Link } from '../link.ts';
import { Supervisor } from '../site.ts';
import { Issued } from './issued.ts';
import { Traffic } from './traffic.ts';

export interface Site {
  readonly dir: string;
  readonly home: Home;
  readonly github: GitHubDouble;
  /** What was asked of it. */
  readonly traffic: Traffic;
  /** The secrets that it gave out, and the account's own. */
  readonly issued: Issued;
  readonly link: Link;
  readonly supervisor: Supervisor;
  /** What the jobs write down. */
  readonly ledger: string;
  readonly repositories: readonly Place[];
  /** Another installation's runners, which nobody may touch. */
  readonly foreign: readonly RunnerRow[];
}

/** A repository, and the label by which its jobs find the pool that serves it. */
export interface Place {
  readonly repository: string;
  readonly label: string;
}

/**
 * So that a run takes minutes: agents and the double wait a tenth of what the real ones do, or less. A job is lost only
 * after looks at its run, which may be a minute apart: at GitHub that takes ten minutes.
 */
const time = 0.1;
const waits = { online: 2000, handover: 700, pickup: 5000, lost: 60_000, forget: 600_000 };

const owned = 4;

/** Seventeen runners at once, whatever the machine; answers that never come are not waited for as long as usual. */
const settings = {
  version: 1,
  capacity: { slots: 17 },
  history: { jobs: 100_000 },
  resyncSeconds: 5,
  github: { apiTimeoutSeconds: 4 },
};

/** One pool a mode: several repositories of a person, an organisation, and a repository with runners that persist. */
const pools = [
  {
    ...{ id: 'person', scope: 'ann/*', labels: ['person'], max: 6 },
    ...{ mode: 'auto', idleTimeoutSeconds: 2 },
  },
  { id: 'company', scope: 'acme', labels: ['company'], mode: 'ephemeral', min: 2, max: 5 },
  { id: 'kept', scope: 'ann/kept', labels: ['kept'], mode: 'manual', min: 6, max: 6 },
];

export async function makeSite(hourlyLimit: number): Promise<Site> {
  const dir = mkdtempSync(path.join(tmpdir(), 'hr-chaos-'));
  const traffic = new Traffic(path.join(dir, 'requests'), hourlyLimit);
  const issued = new Issued();
  const github = await startGitHubDouble({
    waits,
    limits: { limit: hourlyLimit, pointsPerMinute: 1_000_000 },
    heard: (request) => traffic.hear(request),
    issued: (kind, secret) => issued.add(kind, secret),
  });
  const repositories = populate(github);
  const token = github.addToken({ login: 'ann', scopes: ['repo', 'read:org', 'admin:org'] });
  issued.add("account's token", token);
  const agent = await buildAgentArchive(path.join(dir, 'archives'), '2.336.0', { time });
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
  const filename = path.basename(agent.file);
  github.addAgentVersion({ version: '2.336.0', os: 'linux', architecture, filename, ...agent });
  const home = signedIn(dir, github, token);
  killAtExit(home);
  const supervisor = new Supervisor(home, path.join(dir, 'supervisor.log'));
  const ledger = path.join(dir, 'ledger');
  const foreign = plantForeign(github, repositories);
  for (const { id } of foreign) traffic.foreign.add(id);
  return {
    ...{ dir, home, github, traffic, issued, supervisor, ledger, repositories, foreign },
    link: new Link(home),
  };
}

/** A person's repositories, and an organisation's. */
function populate(github: GitHubDouble): Place[] {
  github.addUser('ann');
  github.addOrganization('acme', { admins: ['ann'] });
  const places = [
    ...Array.from({ length: owned }, (_, n) => ({ repository: `ann/project-${n + 1}`, label: 'person' })),
    { repository: 'acme/site', label: 'company' },
    { repository: 'acme/tools', label: 'company' },
    { repository: 'acme/books', label: 'company' },
    { repository: 'ann/kept', label: 'kept' },
  ];
  for (const { repository } of places) github.addRepository(repository);
  return places;
}

/** With the same prefix and the same pools, and by another installation: offline, as after a crash. */
function plantForeign(github: GitHubDouble, places: readonly Place[]): RunnerRow[] {
  const scopes = ['acme', ...places.map(({ repository }) => repository)];
  return scopes.map((scope) => github.plantRunner({ scope, name: 'hr-0f0f0f-person-abc123' }));
}

/** Registrations of our own of which nothing is here, as after a folder that was deleted by hand. */
export async function plantGhosts({ github }: Site): Promise<void> {
  const first = () => github.runners().find(({ name }) => name.includes('-company-'));
  const { name } = await until(first, 'a first runner of the organisation is registered');
  for (const scope of ['acme', 'ann/kept'])
    github.plantRunner({ scope, name: `${name.slice(0, -6)}ghost${scope.length}` });
}

/** The account's secret comes from a file that no child hears of. */
function signedIn(dir: string, github: GitHubDouble, token: string): Home {
  const secret = path.join(dir, 'secret');
  mkdirSync(secret, { mode: 0o700 });
  const file = path.join(secret, 'token');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  // What it puts into the folder for temporary files is looked through for secrets too.
  const temporary = path.join(dir, 'tmp');
  mkdirSync(temporary, { mode: 0o700 });
  const home = new Home({
    under: dir,
    env: { HOMERUNNER_ACCOUNT_ANN_FILE: file, TMPDIR: temporary },
  });
  const { url, apiUrl } = github;
  const account = { id: 'ann', forge: 'github', kind: 'token', login: 'ann', url, apiUrl, app: null };
  const small = { forge: 'github', account: 'ann', cores: 1, memoryMiB: 256 };
  const config = { ...settings, accounts: [account], pools: pools.map((pool) => ({ ...small, ...pool })) };
  writeFileSync(path.join(home.path, 'config.json'), JSON.stringify(config));
  return home;
}

/** The repositories that a runner of this scope can serve. */
export const placesOf = ({ repositories }: Site, scope: string): readonly Place[] =>
  repositories.filter(({ repository }) => repository === scope || repository.startsWith(`${scope}/`));

/** What is registered and not another installation's. */
export const ours = ({ github, foreign }: Pick<Site, 'github' | 'foreign'>): readonly string[] =>
  github
    .runners()
    .filter((runner) => !foreign.includes(runner))
    .map(({ name }) => name);

export async function removeSite(site: Site): Promise<void> {
  site.link.close();
  await site.home.dispose();
  await remove(site.dir);
}
