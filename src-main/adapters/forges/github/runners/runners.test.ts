import { describe, expect, it } from 'vitest';
import { codeOf, eachScene, install, name, place, record, type Scene } from './runners.test-kit.ts';

let scene: Scene;
eachScene((made) => (scene = made));

describe('fencing', () => {
  it('deletes a one-job runner, unless it is at work', async () => {
    const { id } = scene.github.plant('acme/site', name, { busy: true });
    const ours = record({ registration: String(id) });
    expect(await scene.runners.fence(ours)).toBe('busy');
    scene.github.runners.get('acme/site')![0]!.busy = false;
    expect(await scene.runners.fence(ours)).toBe('fenced');
    expect(scene.github.names('acme/site')).toEqual([]);
    expect(await scene.runners.fence(ours)).toBe('fenced');
    expect(await scene.runners.fence(record())).toBe('fenced');
  });

  it('takes all labels from one that persists, and says whether it is at work', async () => {
    const runner = scene.github.plant('acme/site', name, { busy: true });
    const ours = record({ registration: String(runner.id), oneJob: false });
    expect(await scene.runners.fence(ours)).toBe('busy');
    expect(runner.labels).toEqual([]);
    runner.busy = false;
    expect(await scene.runners.fence(ours)).toBe('fenced');
    expect(scene.github.names('acme/site')).toEqual([name]);
    expect((await scene.listed()).runners).toMatchObject([{ name, fenced: true }]);
    scene.github.runners.clear();
    expect(await scene.runners.fence(ours)).toBe('fenced');
  });

  it('is unknown while GitHub gives no answer', async () => {
    scene.github.fault = () => ({ status: 502 });
    expect(await scene.runners.fence(record({ registration: '5' }))).toBe('unknown');
    expect(await scene.runners.fence(record({ registration: '5', oneJob: false }))).toBe('unknown');
    scene.github.fault = () => ({ status: 401 });
    await codeOf(scene.runners.fence(record({ registration: '5' })), 'unauthorized');
  });
});

describe('removing', () => {
  it('takes an absent one for removed, and finds one by name whose id was never written down', async () => {
    const known = { name, scope: 'acme/site', account: 'me' };
    await scene.runners.remove({ ...known, registration: '12' });
    scene.github.plant('acme/site', name);
    scene.github.plant('acme/site', 'hr-ffffff-p-aaaaaa');
    await scene.runners.remove({ ...known, registration: null });
    expect(scene.github.names('acme/site')).toEqual(['hr-ffffff-p-aaaaaa']);
  });

  it('is to be tried again in a minute while GitHub holds it busy', async () => {
    const { id } = scene.github.plant('acme/site', name, { busy: true });
    const removal = scene.runners.remove({
      name,
      scope: 'acme/site',
      account: 'me',
      registration: String(id),
    });
    const problem = await codeOf(removal, 'forge-unreachable');
    expect(problem.retryAt).toBeGreaterThan(Date.now() + 50_000);
    expect(scene.github.names('acme/site')).toEqual([name]);
  });

  it('touches nothing without our install, and finds the place of a ghost by what was listed', async () => {
    scene.github.plant('acme/site', 'theirs');
    scene.github.plant('acme/site', name);
    await scene.listed();
    await scene.runners.remove({ name: 'theirs', scope: null, account: null, registration: null });
    await scene.runners.remove({ name, scope: null, account: null, registration: null });
    await scene.runners.remove({
      name: `hr-${install}-p-zzzzzz`,
      scope: null,
      account: null,
      registration: null,
    });
    expect(scene.github.names('acme/site')).toEqual(['theirs']);
  });
});

describe('the list', () => {
  it('knows nothing at first, then tells our runners as they are, of all pages', async () => {
    const ours = scene.github.plant('acme/site', name, { status: 'online', busy: true });
    scene.github.plant('acme/site', 'theirs');
    expect(scene.runners.list([place])).toEqual({ runners: [], unknown: new Set(['acme/site']) });
    const { runners: rows } = await scene.listed();
    expect(rows).toMatchObject([
      {
        name,
        forge: 'github',
        id: String(ours.id),
        online: true,
        busy: true,
        fenced: false,
        job: { id: 'gh-1' },
      },
    ]);
    expect(scene.woken).toHaveLength(1);
  });

  it('shows at once what was registered and removed, whatever GitHub still answers', async () => {
    await scene.listed();
    const answer = await scene.runners.register(record());
    expect(scene.runners.list([place]).runners).toMatchObject([
      { name, online: false, busy: false, fenced: false },
    ]);
    const lagging = scene.github.runners.get('acme/site') ?? [];
    scene.github.runners.set('acme/site', []);
    scene.passed += 11_000;
    expect((await scene.listed()).runners).toMatchObject([{ name }]);
    scene.github.runners.set('acme/site', lagging);
    const id = answer.kind === 'jit' ? answer.id : '';
    await scene.runners.remove({ name, scope: 'acme/site', account: 'me', registration: id });
    scene.github.runners.set('acme/site', lagging);
    expect(scene.runners.list([place]).runners).toEqual([]);
  });

  it('is unknown again when GitHub has given no answer for two minutes, other places are not', async () => {
    const other = { account: 'me', scope: 'acme/shop' };
    scene.github.plant('acme/site', name);
    await scene.listed([place, other]);
    scene.github.fault = (_, path) => (path.includes('site') ? { status: 502 } : null);
    scene.passed += 90_000;
    expect(scene.runners.list([place, other]).unknown.size).toBe(0);
    scene.passed += 300_000;
    scene.runners.list([place, other]);
    await expect
      .poll(() => [...scene.runners.list([place, other]).unknown], { interval: 5 })
      .toEqual(['acme/site']);
    expect(scene.runners.list([place, other]).runners).toEqual([]);
  });

  it('asks each place once for many calls at the same time', async () => {
    for (let i = 0; i < 50; i += 1) scene.runners.list([place, { ...place, account: 'me' }]);
    await scene.listed();
    expect(scene.github.requests).toHaveLength(1);
  });
});
