import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../../../../contract/problem.ts';
import { MemoryGitHub } from '../memory.test-kit.ts';
import { type Freshness, freshness } from './variable.ts';

const start = 1_800_000_000_000;
let github: MemoryGitHub;
let now: number;
let kept: Freshness;
const repo = { account: 'me', scope: 'ann/app' };
const org = { account: 'me', scope: 'acme' };
const repoPath = 'PATCH /repos/ann/app/actions/variables/HOMERUNNER_ONLINE';
const orgPath = 'PATCH /orgs/acme/actions/variables/HOMERUNNER_ONLINE';

/** Lets the writes in the background end. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

const values = (): unknown[] => github.asked.map(({ rest }) => rest['value']);

beforeEach(() => {
  now = start;
  github = new MemoryGitHub();
  kept = freshness({ apis: github, now: () => now });
});

describe('the variable', () => {
  it('is written at once, and then every two minutes at most', async () => {
    github.on(repoPath, null);
    for (let second = 0; second < 600; second += 3) {
      now = start + second * 1000;
      kept.turn([repo]);
      await settle();
    }
    expect(values()).toEqual([0, 120, 240, 360, 480].map((s) => String(start / 1000 + s)));
    expect(kept.problems()).toEqual([]);
  });

  it('is marked stale once when runners may not be created any more, and fresh when they may again', async () => {
    github.on(repoPath, null);
    kept.turn([repo]);
    await settle();
    now += 1000;
    kept.turn([]);
    await settle();
    kept.turn([]);
    await settle();
    expect(values()).toEqual([String(start / 1000), '0']);
    expect(github.asked.at(-1)?.urgency).toBe('must');
    now += 1000;
    kept.turn([repo]);
    await settle();
    expect(values().at(-1)).toBe(String(start / 1000 + 2));
  });

  it('is fresh again at once after a pause that was shorter than a turn', async () => {
    github.on(repoPath, null);
    for (const online of [[repo], [], [repo]]) {
      kept.turn(online);
      await settle();
    }
    expect(values()).toEqual([String(start / 1000), '0', String(start / 1000)]);
  });

  it('is marked stale at the end, after a write that is under way', async () => {
    github.on(repoPath, null).on(orgPath, null);
    kept.turn([repo, org]);
    await kept.close();
    expect(values().filter((value) => value === '0')).toHaveLength(2);
    expect(values().at(-1)).toBe('0');
  });

  it('is not written at the end where it was never fresh', async () => {
    kept.turn([]);
    await kept.close();
    expect(github.asked).toEqual([]);
  });

  it('is made where it is not there: that of an organisation for its private repositories', async () => {
    github.on('POST /orgs/acme/actions/variables', null);
    kept.turn([org]);
    await settle();
    expect(github.asked.map(({ request }) => request)).toEqual([
      orgPath,
      'POST /orgs/acme/actions/variables',
    ]);
    expect(github.asked[1]?.rest).toEqual({
      name: 'HOMERUNNER_ONLINE',
      value: String(start / 1000),
      visibility: 'private',
    });
  });

  it('is one for all repositories of an organisation and the organisation itself', async () => {
    github.on(orgPath, null);
    kept.turn([org, { account: 'me', scope: 'acme/*' }]);
    await settle();
    expect(github.asked.map(({ request }) => request)).toEqual([orgPath]);
  });

  it('follows the clock of GitHub where ours is off', async () => {
    github.on(repoPath, null);
    github.date = () => now + 3_600_000;
    for (let turn = 0; turn < 5; turn++) {
      kept.turn([repo]);
      await settle();
    }
    expect(values()).toEqual([String(start / 1000), String(start / 1000 + 3600)]);
  });

  it('waits after a refusal, as long as GitHub says, and tells the problem', async () => {
    github.on(repoPath, () => {
      throw problem('rate-limited', 'Too many requests.', 'Wait.', { retryAt: start + 600_000 });
    });
    kept.turn([repo]);
    await settle();
    expect(kept.problems()).toMatchObject([{ code: 'rate-limited', subject: 'ann/app' }]);
    now = start + 599_000;
    kept.turn([repo]);
    await settle();
    expect(github.asked).toHaveLength(1);
    github.on(repoPath, null);
    now = start + 600_000;
    kept.turn([repo]);
    await settle();
    expect(github.asked).toHaveLength(2);
    expect(kept.problems()).toEqual([]);
  });

  it('never throws at the end, though GitHub cannot be reached', async () => {
    github.fail(repoPath, 'forge-unreachable');
    kept.turn([repo]);
    await expect(kept.close()).resolves.toBeUndefined();
  });

  it('is refused for an enterprise, which has none', async () => {
    kept.turn([{ account: 'me', scope: 'enterprises/acme' }]);
    await settle();
    expect(kept.problems()).toMatchObject([{ code: 'usage' }]);
    expect(github.asked).toEqual([]);
  });
});
