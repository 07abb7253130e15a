import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../contract/problem.ts';
import { MemoryGitHub } from '../memory.test-kit.ts';
import type { AgentRelease } from './folders.ts';
import { agentPlatform } from './platform.ts';
import { Refusals } from './refusals.ts';
import { Releases, type ReleasesOptions } from './releases.ts';
import { compareVersions } from './version.ts';

const platform = { os: 'linux', arch: 'x64' } as const;
const sum = 'a'.repeat(64);
const file = (version: string) => `actions-runner-linux-x64-${version}.tar.gz`;
const download = (version: string, change: object = {}) => ({
  ...{ os: 'linux', architecture: 'x64', filename: file(version), sha256_checksum: sum },
  download_url: `https://github.com/actions/runner/releases/download/v${version}/${file(version)}`,
  ...change,
});
const published = (version: string, body = '', digest: string | null = null) => ({
  ...{ tag_name: `v${version}`, body },
  assets: [{ name: file(version), browser_download_url: `https://x.test/${file(version)}`, digest }],
});
const lying = (version: string): AgentRelease => ({
  ...platform,
  version,
  url: '',
  sha256: sum,
  bearer: null,
});

function world(versions: string[] = [], change: Partial<ReleasesOptions> = {}) {
  const github = new MemoryGitHub();
  const time = { now: 0 };
  let kept: unknown = null;
  const now = () => 1_800_000_000_000 + time.now;
  const refusals = () => new Refusals({ load: () => kept, save: (all) => (kept = all), now });
  const folders = { kept: () => Promise.resolve(versions.map(lying)) };
  const made = () =>
    new Releases({
      ...{ folders, pin: null, updates: () => true, refusals: refusals(), now, monotonic: () => time.now },
      ...change,
    });
  const releases = made();
  const look = async () => releases.look(await github.of(), 'acme/app', platform);
  const of = async (scope = 'acme/app') => releases.of(await github.of(), scope, platform);
  const code = async () =>
    of().then(
      ({ version }) => version,
      (error: unknown) => (error instanceof ProblemError ? error.problem.code : 'thrown'),
    );
  return { github, releases, time, of, code, look, made };
}
const path = 'GET /repos/acme/app/actions/runners/downloads';
const latest = 'GET /repos/actions/runner/releases/latest';
const tag = (version: string) => `GET /repos/actions/runner/releases/tags/v${version}`;

describe('the version to use', () => {
  it('is what GitHub tells the scope, asked once an hour', async () => {
    const { github, of, time } = world();
    github.on(path, [download('2.336.0', { os: 'osx' }), download('2.335.0')]);
    expect(await of()).toEqual({
      ...platform,
      version: '2.335.0',
      url: download('2.335.0').download_url,
      sha256: sum,
      bearer: null,
    });
    await Promise.all([of(), of('acme/other')]);
    expect(github.asked).toHaveLength(1);
    time.now = 3_600_000;
    await of();
    expect(github.asked).toHaveLength(2);
  });

  it.each([
    ['acme', 'GET /orgs/acme/actions/runners/downloads'],
    ['enterprises/big', 'GET /enterprises/big/actions/runners/downloads'],
  ])('is asked for at %s too', async (scope, asked) => {
    const { github, of } = world();
    github.on(asked, [download('2.336.0', { temp_download_token: 'short' })]);
    expect(await of(scope)).toMatchObject({ version: '2.336.0', bearer: 'short' });
    await of(scope);
    expect(github.asked).toHaveLength(2);
  });

  it('is the latest release where the scope is told none, with the sum from its notes or its file', async () => {
    const notes = `x <!-- BEGIN SHA linux-arm64 -->${'b'.repeat(64)}<!-- END SHA linux-arm64 --> <!-- BEGIN SHA linux-x64 -->${sum}<!-- END SHA linux-x64 -->`;
    const { github, of } = world();
    github.fail(path, 'forbidden').on(latest, published('2.336.0', notes));
    expect(await of()).toMatchObject({ version: '2.336.0', sha256: sum });
    const other = world();
    other.github.fail(path, 'not-found').on(latest, published('2.336.0', notes, `sha256:${'c'.repeat(64)}`));
    expect((await other.of()).sha256).toBe('c'.repeat(64));
    const without = world();
    without.github
      .on(path, [download('2.336.0', { sha256_checksum: undefined })])
      .on(tag('2.336.0'), published('2.336.0', notes));
    expect(await without.of()).toMatchObject({ url: download('2.336.0').download_url, sha256: sum });
  });

  it('is one that lies here while GitHub cannot be asked', async () => {
    const { github, code } = world(['2.334.0', '2.335.0', '2.320.0']);
    github.fail(path, 'forge-unreachable');
    expect(await code()).toBe('2.335.0');
    const empty = world();
    empty.github.fail(path, 'rate-limited');
    expect(await empty.code()).toBe('rate-limited');
  });

  it('steps back from one that is refused, until a newer one comes', async () => {
    const { github, releases, code } = world(['2.335.0', '2.336.0']);
    github.on(path, [download('2.336.0')]);
    expect(await code()).toBe('2.336.0');
    releases.refused('2.336.0');
    expect(await code()).toBe('2.335.0');
    releases.refused('2.335.0');
    expect(await code()).toBe('agent-outdated');
    github.on(path, [download('2.337.0')]);
    expect(await code()).toBe('2.337.0');
  });

  it('is told to be another one than offered while that lasts, also after a restart', async () => {
    const { github, releases, code, made } = world(['2.335.0', '2.336.0']);
    github.on(path, [download('2.336.0')]);
    releases.refused('2.336.0');
    expect(await code()).toBe('2.335.0');
    expect(releases.problems()).toMatchObject([
      {
        code: 'agent-outdated',
        message: expect.stringMatching(/2\.336\.0 was refused, and 2\.335\.0 is used/),
      },
    ]);
    const after = made();
    expect((await after.of(await github.of(), 'acme/app', platform)).version).toBe('2.335.0');
    github.on(path, [download('2.337.0')]);
    releases.doubted();
    expect(await code()).toBe('2.337.0');
    expect(releases.problems()).toEqual([]);
  });

  it('is tried again after a day, and after an hour where there is no other', async () => {
    const { github, releases, time, of, code } = world(['2.335.0', '2.336.0']);
    github.on(path, [download('2.336.0')]);
    releases.refused('2.336.0');
    time.now += 23 * 3_600_000;
    expect(await code()).toBe('2.335.0');
    time.now += 3_600_000;
    expect(await code()).toBe('2.336.0');
    releases.refused('2.336.0');
    time.now += 60_000;
    releases.refused('2.335.0');
    const again = {
      problem: { code: 'agent-outdated', retryAt: 1_800_000_000_000 + time.now - 60_000 + 3_600_000 },
    };
    await expect(of()).rejects.toMatchObject(again);
    time.now += 3_600_000 - 60_000;
    expect(await code()).toBe('2.336.0');
    expect(releases.problems()).toEqual([]);
  });

  it('is told with what GitHub offers, and with what was refused', async () => {
    const { github, releases, look, time } = world(['2.335.0']);
    github.on(path, [download('2.336.0')]);
    expect(await look()).toEqual({
      used: '2.336.0',
      offered: '2.336.0',
      ends: null,
      refused: [],
      pin: null,
      updates: true,
    });
    releases.refused('2.336.0');
    expect(await look()).toMatchObject({
      used: '2.335.0',
      offered: '2.336.0',
      refused: [{ version: '2.336.0' }],
    });
    github.fail(path, 'forge-unreachable');
    time.now += 3_600_000;
    expect(await look()).toMatchObject({ used: '2.335.0', offered: { code: 'forge-unreachable' } });
    const untold = world();
    untold.github.fail(path, 'not-found').on(latest, published('2.336.0'));
    expect(await untold.look()).toMatchObject({ used: '2.336.0', offered: null });
    const pinned = world(['2.335.0'], { pin: '2.335.0' });
    pinned.github.on(path, [download('2.336.0')]).on(tag('2.335.0'), published('2.335.0'));
    expect(await pinned.look()).toMatchObject({ used: '2.335.0', offered: '2.336.0', pin: '2.335.0' });
  });

  it('is told with its end, which enterprises are told', async () => {
    const { github, look, time } = world();
    github.on(path, [download('2.336.0')]).on('GET /repos/acme/app/actions/runners/deprecations/2.336.0', {
      ...{ runner_version: '2.336.0', registration_deprecates_at: null },
      runtime_deprecates_at: new Date(1_800_000_060_000).toISOString(),
    });
    expect((await look()).ends).toEqual({ at: 1_800_000_060_000, isOver: false });
    const asked = github.asked.length;
    time.now = 60_000;
    expect((await look()).ends).toEqual({ at: 1_800_000_060_000, isOver: true });
    expect(github.asked.length).toBe(asked);
  });

  it('is asked for anew when what was told could not be had', async () => {
    const { github, releases, code } = world();
    github.on(path, [download('2.336.0')]);
    expect(await code()).toBe('2.336.0');
    github.on(path, [download('2.337.0')]);
    expect(await code()).toBe('2.336.0');
    releases.doubted();
    expect(await code()).toBe('2.337.0');
  });

  it('is the pinned one where it can be had', async () => {
    const pinned = (pin: string, versions: string[] = []) => world(versions, { pin });
    const here = pinned('2.335.0', ['2.335.0']);
    expect(await here.code()).toBe('2.335.0');
    expect(here.github.asked).toHaveLength(0);
    const old = pinned('2.320.0');
    expect([old.github.on(path, [download('2.336.0')]), await old.code()][1]).toBe('agent-outdated');
    const elsewhere = pinned('2.334.0');
    elsewhere.github.on(path, [download('2.336.0')]).on(tag('2.334.0'), published('2.334.0'));
    expect(await elsewhere.code()).toBe('2.334.0');
    const nowhere = pinned('2.999.0', ['2.335.0']);
    nowhere.github.on(path, [download('2.336.0')]);
    expect(await nowhere.code()).toBe('not-found');
  });
});

describe('without updates', () => {
  const updates = (): boolean => false;
  it('keeps the newest version that lies here, and asks nobody', async () => {
    const { github, code } = world(['2.334.0', '2.335.0'], { updates });
    expect([await code(), github.asked]).toEqual(['2.335.0', []]);
  });

  it('fetches the first one all the same', async () => {
    const { github, code } = world([], { updates });
    github.on(path, [download('2.336.0')]);
    expect(await code()).toBe('2.336.0');
  });

  it('says how to go on when the only one was refused', async () => {
    const { releases, of } = world(['2.335.0'], { updates });
    releases.refused('2.335.0');
    await expect(of()).rejects.toThrow(/was refused/);
  });
});

it('knows for which systems GitHub makes an agent', () => {
  expect(agentPlatform('darwin', 'arm64')).toEqual({ os: 'osx', arch: 'arm64' });
  expect(agentPlatform('linux', 'arm')).toEqual({ os: 'linux', arch: 'arm' });
  expect(() => agentPlatform('win32', 'arm')).toThrow(ProblemError);
  expect(() => agentPlatform('linux', 'riscv64')).toThrow(ProblemError);
});

it('orders versions as numbers', () => {
  expect(['2.10.0', '2.9.9', '2.10', '10.0.0'].sort(compareVersions)).toEqual([
    '2.9.9',
    '2.10.0',
    '2.10',
    '10.0.0',
  ]);
});
