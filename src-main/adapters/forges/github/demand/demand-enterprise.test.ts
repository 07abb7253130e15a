import { beforeEach, describe, expect, it } from 'vitest';
import { eachInAWorld, ids, jobs, pass, poolAt, type World } from './demand.test-kit.ts';

let world: World;
eachInAWorld((made) => (world = made));

const pool = poolAt('enterprises/big');
const everybody = { id: 1, name: 'Default', default: true, visibility: 'all', repositories: [] };
const questions = () => world.github.requests.filter(({ path }) => path === '/graphql').length;
const told = (demand: ReturnType<World['open']>) =>
  Object.fromEntries(
    jobs(demand.demand()).map((job): [string, string | undefined] => [
      job.scope ?? '',
      job.barred ?? job.reach?.['p'],
    ]),
  );

beforeEach(() => {
  world.github.enterprises.set('big', {
    organisations: ['acme', 'shop', 'labs'].map((login) => ({ login, viewerIsAMember: true })),
    groups: [everybody],
  });
  for (const name of ['acme/site', 'shop/cart', 'labs/x', 'other/site']) world.github.repository(name);
});

describe('the jobs of an enterprise', () => {
  it('are those of the repositories of its organisations, which are asked for every ten minutes', async () => {
    world.github.queue('acme/site', ['linux']);
    world.github.queue('labs/x', ['linux']);
    world.github.queue('other/site', ['linux']);
    const demand = world.open([pool]);
    expect(demand.demand()).toBe('unknown');
    await pass(2000);
    expect(told(demand)).toEqual({ 'acme/site': 'enterprises/big', 'labs/x': 'enterprises/big' });
    expect(demand.repositories(pool)).toEqual(['acme/site', 'shop/cart', 'labs/x']);
    expect(demand.problems()).toEqual([]);
    expect(demand.knownAt()).toBeGreaterThan(Date.now() - 2000);
    expect(questions()).toBe(2);
    await pass(20 * 60_000);
    expect(questions()).toBe(6);
    expect(ids(demand)).toHaveLength(2);
  });

  it('follow organisations that come and go', async () => {
    const { organisations } = world.github.enterprises.get('big')!;
    world.github.queue('acme/site', ['linux']);
    const demand = world.open([pool]);
    await pass(2000);
    organisations.splice(0, 3, { login: 'other', viewerIsAMember: true });
    world.github.queue('other/site', ['linux']);
    await pass(11 * 60_000);
    expect(told(demand)).toEqual({ 'other/site': 'enterprises/big' });
  });

  it('come soon after a push, as those of one organisation do', async () => {
    const demand = world.open([pool]);
    await pass(70_000);
    world.github.repositories.get('shop/cart')!.pushedAt = Date.now();
    world.github.queue('shop/cart', ['linux']);
    await pass(14_000);
    expect(told(demand)).toEqual({ 'shop/cart': 'enterprises/big' });
  });

  it('are counted once where a pool of one of its organisations sees them too', async () => {
    world.github.queue('acme/site', ['linux']);
    const demand = world.open([pool, poolAt('acme', { id: 'own' })]);
    await pass(2000);
    expect(jobs(demand.demand())).toMatchObject([{ reach: { p: 'enterprises/big', own: 'acme' } }]);
  });

  it('of public repositories are barred', async () => {
    world.github.repository('acme/open', { isPrivate: false });
    world.github.queue('acme/open', ['linux']);
    const demand = world.open([pool]);
    await pass(2000);
    expect(told(demand)['acme/open']).toContain('is public');
  });
});

it('the budget holds for the repositories of many organisations, of which all is known', async () => {
  const { github, direct } = world;
  const logins = Array.from({ length: 12 }, (_, i) => `org${i}`);
  github.enterprises.get('big')!.organisations = logins.map((login) => ({ login, viewerIsAMember: true }));
  for (const login of logins) for (let i = 0; i < 4; i += 1) github.repository(`${login}/r${i}`);
  const demand = world.open([pool]);
  await pass(70_000);
  const begun = Date.now();
  for (let minute = 0; minute < 12; minute += 1) {
    if (minute % 2 === 0) github.queue(`org${minute}/r3`, ['linux']);
    await pass(60_000);
    expect(demand.demand()).not.toHaveProperty('unknown');
    const asked = github.requests.filter(({ at }) => at > Date.now() - 60_000);
    expect(asked.length).toBeLessThanOrEqual(200);
  }
  expect(ids(demand)).toHaveLength(6);
  // A fifth of the hourly limit, for so long.
  expect(direct.counted.filter((at) => at >= begun).length).toBeLessThanOrEqual(1000 / 5);
}, 30_000);

describe('the runner groups of an enterprise', () => {
  it('bar the jobs of organisations that they are closed to', async () => {
    world.github.enterprises.get('big')!.groups = [
      everybody,
      { id: 7, name: 'fast', default: false, visibility: 'selected', repositories: ['acme'] },
    ];
    world.github.queue('acme/site', ['linux']);
    world.github.queue('shop/cart', ['linux']);
    const demand = world.open([poolAt('enterprises/big', { group: 'fast' })]);
    await pass(2000);
    expect(told(demand)).toEqual({
      'acme/site': 'enterprises/big',
      'shop/cart': 'The runner group fast is closed to the repository shop/cart.',
    });
  });

  it('bar the jobs of repositories to which an organisation closes the group that it inherits', async () => {
    const own = { id: 1, name: 'Default', default: true, visibility: 'selected', repositories: [] };
    world.github.groups = [
      own,
      { ...own, id: 9, default: false, inherited: true, repositories: ['acme/site'] },
    ];
    world.github.queue('acme/site', ['linux']);
    world.github.queue('shop/cart', ['linux']);
    const demand = world.open([pool]);
    await pass(2000);
    expect(told(demand)).toEqual({
      'acme/site': 'enterprises/big',
      'shop/cart': 'The runner group Default is closed to the repository shop/cart.',
    });
    // Whom it lets in may be nobody's business there: then GitHub decides.
    world.github.fault = (_, path) => (path.includes('/9/repositories') ? { status: 404 } : null);
    await pass(400_000);
    expect(told(demand)).toEqual({ 'acme/site': 'enterprises/big', 'shop/cart': 'enterprises/big' });
  });
});

describe('where the organisations may not be listed', () => {
  it('the demand is unknown, and a sentence says which scope is missing, until it is granted', async () => {
    world.github.graphErrors = [{ type: 'INSUFFICIENT_SCOPES', message: 'No.' }];
    world.github.queue('acme/site', ['linux']);
    const demand = world.open([pool]);
    await pass(2000);
    expect(demand.demand()).toBe('unknown');
    expect(demand.problems()).toMatchObject([{ code: 'forbidden', subject: 'p' }]);
    expect(demand.problems()[0]?.message).toContain('it lacks the scope read:enterprise');
    world.github.graphErrors = [];
    await pass(61_000);
    expect(ids(demand)).toHaveLength(1);
    expect(demand.problems()).toEqual([]);
  });

  it('for a while only, those that are known are followed on for an hour', async () => {
    world.github.queue('acme/site', ['linux']);
    const demand = world.open([pool]);
    await pass(2000);
    world.down('graphql');
    await pass(50 * 60_000);
    expect(ids(demand)).toHaveLength(1);
    expect(demand.problems()).toEqual([]);
    await pass(11 * 60_000);
    expect(demand.demand()).toMatchObject({ unknown: ['p'] });
    expect(demand.problems()).toMatchObject([{ code: 'forge-unreachable' }]);
  });

  it('by one organisation, the others are served all the same', async () => {
    world.github.fault = (_, path) => (path === '/orgs/shop/repos' ? { status: 403 } : null);
    world.github.queue('acme/site', ['linux']);
    const demand = world.open([pool]);
    await pass(2000);
    expect(ids(demand)).toHaveLength(1);
    expect(demand.demand()).not.toHaveProperty('unknown');
    expect(demand.problems()).toMatchObject([{ code: 'forbidden', subject: 'p' }]);
    expect(demand.problems()[0]?.message).toContain('shop');
  });
});
