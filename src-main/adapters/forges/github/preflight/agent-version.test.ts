import { describe, expect, it } from 'vitest';
import type { Light } from '../../../../contract/commands.ts';
import { problem, type ProblemCode } from '../../../../contract/problem.ts';
import { releasesPage, type VersionView } from '../agent/releases.ts';
import { blocking, checkAt, gitHubOfAnn, repository, version } from './preflight.test-kit.ts';

const name = 'runner-version';
const at = async (answer: Partial<VersionView> | ProblemCode): Promise<Light | undefined> => {
  const versions = () => {
    if (typeof answer !== 'string') return Promise.resolve({ ...version, ...answer });
    return Promise.reject(problem(answer, `It says ${answer}.`, 'Mend it.', { link: releasesPage }));
  };
  const lights = await checkAt(gitHubOfAnn(), {}, versions);
  expect(blocking(lights)).toEqual(typeof answer === 'string' ? [name] : []);
  return lights[name];
};
const refused = [{ version: '2.336.0', at: 1 }];

describe('the version of the runner', () => {
  it.each<[string, Partial<VersionView>, string]>([
    ['what GitHub offers', {}, "GitHub offers the runner's version 2.336.0 here, and it is used."],
    [
      'the latest where GitHub names none',
      { offered: null },
      'names no version of the runner here: 2.336.0 is used',
    ],
    [
      'a pinned one where GitHub names none',
      { offered: null, pin: '2.336.0' },
      'what RUNNER_VERSION asks for',
    ],
  ])('is good when it is %s', async (_, view, message) => {
    expect(await at(view)).toMatchObject({ ok: true, link: null, message: expect.stringContaining(message) });
  });

  it.each<[string, Partial<VersionView>, RegExp, RegExp]>([
    [
      'older, as what is offered was refused',
      { used: '2.335.0', refused },
      /2\.336\.0 here, which was refused lately: 2\.335\.0/,
      /newer one/,
    ],
    [
      'one that was refused, as there is no other',
      { refused },
      /2\.336\.0 was refused lately.* tried again/,
      /newer one/,
    ],
    [
      'pinned to an older one',
      { used: '2.335.0', pin: '2.335.0' },
      /RUNNER_VERSION asks for .*2\.335\.0/,
      /30 days.*RUNNER_VERSION/,
    ],
    ['older without updates', { used: '2.335.0', updates: false }, /2\.335\.0 lies here/, /autoUpdate/],
  ])('is told with a link when it is %s', async (_, view, message, hint) => {
    expect(await at(view)).toMatchObject({
      ...{ ok: false, blocks: false, link: releasesPage },
      ...{ message: expect.stringMatching(message), hint: expect.stringMatching(hint) },
    });
  });

  it('is told with its day before its end, and blocks after it', async () => {
    const day = 24 * 3_600_000;
    const ends = (at: number) => ({ ends: { at: Date.now() + at, isOver: at < 0 } });
    expect(await at(ends(20 * day))).toMatchObject({ ok: true });
    expect(await at(ends(3 * day))).toMatchObject({
      ...{ ok: false, blocks: false, link: releasesPage },
      message: expect.stringMatching(/2\.336\.0 until \d{4}-\d\d-\d\d\.$/),
    });
    const versions = () => Promise.resolve({ ...version, ...ends(-day) });
    const lights = await checkAt(gitHubOfAnn(), {}, versions);
    expect(blocking(lights)).toEqual([name]);
    expect(lights[name]?.message).toMatch(/2\.336\.0 no more since \d{4}/);
  });

  it('is told when GitHub cannot be asked what it offers, and one lies here', async () => {
    const unknown = problem('forge-unreachable', 'GitHub does not answer.', 'Wait.').problem;
    expect(await at({ offered: unknown })).toMatchObject({
      ...{ ok: false, message: expect.stringMatching(/not known.*2\.336\.0 lies here.*does not answer/) },
      hint: 'Wait.',
    });
  });

  it.each(['agent-outdated', 'tool-missing', 'not-found'] as const)(
    'blocks with its own words by %s',
    async (code) => {
      expect(await at(code)).toMatchObject({
        message: `It says ${code}.`,
        hint: 'Mend it.',
        link: releasesPage,
      });
    },
  );

  it.each(['forge-unreachable', 'rate-limited'] as const)(
    'blocks when it cannot be known by %s',
    async (code) => {
      expect((await at(code))?.message).toBe(
        `It is not known which version of the runner GitHub takes here. It says ${code}.`,
      );
    },
  );

  it.each([
    ['acme', 'acme'],
    ['enterprises/big', 'enterprises/big'],
    ['ann/*', 'ann/app'],
  ])('is asked for at %s too', async (scope, asked) => {
    const seen: string[] = [];
    const github = gitHubOfAnn()
      .on('GET /users/ann', { login: 'ann', type: 'User' })
      .on('GET /users/acme', { login: 'acme', type: 'Organization' })
      .on('GET /user/repos', [repository('ann/app')])
      .on('GET /orgs/acme/repos', []);
    const lights = await checkAt(github, { scope }, (where) => {
      seen.push(where);
      return Promise.resolve(version);
    });
    expect(seen).toEqual([asked]);
    expect(lights[name]?.ok).toBe(true);
  });
});
