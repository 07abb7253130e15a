/** Agents in trouble: versions that GitHub refuses, archives that are not what they should be, agents that hang, ghosts, strangers, clocks. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src-main/contract/snapshot.ts';
import { isAlive } from '../survive/survive.ts';
import { until } from '../support/until.ts';
import { agentPids, cleared, runnerThat } from './agents.ts';
import { firstVersion, GitHubSite, type SiteOptions } from './site.ts';

let site: GitHubSite;
const open = async (options: SiteOptions = {}): Promise<GitHubSite> =>
  (site = await GitHubSite.open(options));

afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const labels = ['self-hosted', 'linux'];
const wanted = { repository: 'ann/tools', labels, name: 'build' };
const versions = (): string[] => {
  const folder = path.join(site.home.path, 'agents', 'actions-runner');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

describe('versions', () => {
  it('one that GitHub refuses is said, and the next that it offers is used', async () => {
    const { github } = await open();
    github.deprecateBelow('2.337.0', 'session');
    await site.run(['--max', '1']);
    const [job = 0] = github.queueJob(wanted);
    const told = await site.once(
      (s) => s.pools[0]?.problem?.code === 'agent-outdated',
      'the version is refused',
    );
    expect(told.pools[0]?.problem?.message).toContain(firstVersion);
    await site.offer('2.337.0');
    await site.ended(1);
    expect(github.jobRuns.get(job)).toBe(1);
    expect(versions().join()).toContain('2.337.0');
    await cleared(site);
  });

  it('an archive that breaks off is fetched on, one with another hash is refused, and nothing of it stays', async () => {
    const { github } = await open();
    const [good] = github.world.agents.splice(0);
    if (good === undefined) throw new Error('the double has no agent');
    github.addAgentVersion({ ...good, sha256: 'f'.repeat(64) });
    await site.run(['--max', '1']);
    const [job = 0] = github.queueJob(wanted);
    const told = await site.once(
      (s) => s.pools[0]?.problem?.code === 'checksum-mismatch',
      'the archive is refused',
    );
    expect(told.pools[0]?.problem?.hint).not.toBe('');
    expect(versions()).toEqual([]);
    github.world.agents.splice(0);
    github.addAgentVersion(good);
    github.cut = { after: 20_000, times: 1 };
    await site.ended(1);
    expect(github.jobRuns.get(job)).toBe(1);
    expect(
      github.requests.filter(({ path: asked }) => asked.startsWith('/_objects/')).length,
    ).toBeGreaterThan(1);
    await cleared(site);
  });
});

const library = ['x86_64', 'aarch64']
  .map((arch) => `/usr/lib/${arch}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find(existsSync);

/** Both clocks of a supervisor, moved by hand. */
class Clock {
  readonly #file: string;
  #minutes = 0;

  constructor(home: string) {
    this.#file = path.join(home, 'clock');
    writeFileSync(this.#file, '+0');
  }

  get env(): Record<string, string> {
    return {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
    };
  }

  /** At most so many minutes pass, each with a look at GitHub, until this is so. */
  async until<T>(is: (snapshot: Snapshot) => T, minutes: number): Promise<NonNullable<T>> {
    for (let n = 0; n < minutes; n += 1) {
      await this.#minute();
      const found = await until(async () => is(await site.home.status()), 'it is so', 2500).catch(() => null);
      if (found) return found;
    }
    throw new Error(
      `It was not so after ${minutes} minutes: ${JSON.stringify((await site.home.status()).runners)}`,
    );
  }

  async #minute(): Promise<void> {
    const lists = (): number =>
      site.github.requests.filter(({ method, path: asked, status }) => {
        return method === 'GET' && asked.includes('/actions/runners?') && status > 0;
      }).length;
    const before = lists();
    this.#minutes += 1;
    writeFileSync(this.#file, `+${this.#minutes}m`);
    await until(async () => {
      await site.home.status();
      return lists() > before;
    }, 'GitHub is asked again');
  }
}

describe('what only time shows', () => {
  it('a hung agent is offline at once and stuck in minutes; ghosts of ours go, runners of others stay', async (context) => {
    if (library === undefined) return context.skip('libfaketime is not installed (Debian package faketime)');
    const { github, home } = await open({ agent: { hang: true }, double: { waits: { online: 1000 } } });
    const clock = new Clock(home.path);
    await home.run({ env: clock.env });
    await site.signIn();
    await site.pool('ann/tools', ['--mode', 'ephemeral', '--min', '1', '--max', '1']);
    const hung = await runnerThat(site, ({ phase }) => phase === 'idle', 'is idle');
    const install = hung.name.split('-')[1] ?? '';
    const ghost = `hr-${install}-github-gh0st1`;
    const other = 'hr-0a0b0c-github-0ther1';
    for (const name of [ghost, other]) github.plantRunner({ scope: 'ann/tools', name });

    const offline = await clock.until(({ runners }) => runners.find(({ why }) => why.includes('offline')), 2);
    expect(offline).toMatchObject({ name: hung.name, phase: 'idle' });
    const [pid = 0] = agentPids(site, 'Runner.Listener');
    await clock.until(() => github.runners().every(({ name }) => name !== ghost), 2);
    expect(isAlive(pid)).toBe(true);
    await clock.until(({ runners }) => runners.find(({ name }) => name !== hung.name), 8);
    await until(() => !isAlive(pid), 'it is ended');

    const { foreign } = await home.status();
    expect(foreign.find(({ name }) => name === other)?.description).toContain('another installation');
    expect(github.runners().map(({ name }) => name)).toContain(other);
    await home.json(['runner', 'remove', other]);
    expect(github.runners().map(({ name }) => name)).not.toContain(other);
  });

  it('a clock that is an hour off changes nothing here, and is said where GitHub minds it', async (context) => {
    if (library === undefined) return context.skip('libfaketime is not installed (Debian package faketime)');
    const { github, home } = await open({ login: 'gh' });
    const env = { LD_PRELOAD: library, FAKETIME: '+1h', DONT_FAKE_MONOTONIC: '1' };
    const ahead = await home.run({ env });
    await site.signIn();
    await site.pool('ann/tools', ['--max', '1']);
    github.queueJob(wanted);
    const [done] = await site.ended(1);
    expect(done).toMatchObject({ state: 'succeeded' });
    expect((done?.endedAt ?? 0) - (done?.createdAt ?? 0)).toBeLessThan(60_000);
    await ahead.stop();

    await home.run();
    github.world.clockOffset = 3_600_000;
    github.queueJob(wanted);
    const runner = await runnerThat(site, ({ problem }) => problem !== null, 'has a problem');
    expect(runner.problem?.message).toContain('clock is wrong');
    github.world.clockOffset = 0;
    await site.ended(2);
  });
});
