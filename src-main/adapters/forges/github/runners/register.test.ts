import { describe, expect, it } from 'vitest';
import { codeOf, eachScene, install, name, record, type Scene } from './runners.test-kit.ts';

let scene: Scene;
eachScene((made) => (scene = made));

describe('registering', () => {
  it('gives the configuration of a runner with exactly the labels of its record', async () => {
    const answer = await scene.runners.register(record());
    const [runner] = scene.github.runners.get('acme/site') ?? [];
    expect(answer).toEqual({ kind: 'jit', id: String(runner?.id), jit: `jit-of-${name}` });
    expect(runner).toMatchObject({
      name,
      group: 1,
      labels: record().labels.map((label) => ({ name: label })),
    });
  });

  it('replaces one of the same name that a crash left', async () => {
    const first = await scene.runners.register(record());
    const second = await scene.runners.register(record());
    expect(scene.posts()).toEqual([201, 409, 201]);
    expect(second).not.toEqual(first);
    expect(scene.github.names('acme/site')).toEqual([name]);
  });

  it('leaves one of the same name that is at work', async () => {
    const theirs = scene.github.plant('acme/site', name, { busy: true, status: 'online' });
    await codeOf(scene.runners.register(record()), 'name-taken');
    expect(scene.github.runners.get('acme/site')).toEqual([theirs]);
  });

  it('never deletes a runner of the same name without our install', async () => {
    scene.github.plant('acme/site', 'hr-ffffff-p-aaaaaa');
    await codeOf(scene.runners.register(record({ name: 'hr-ffffff-p-aaaaaa' })), 'name-taken');
    expect(scene.github.names('acme/site')).toEqual(['hr-ffffff-p-aaaaaa']);
  });

  it('removes what was registered by an answer that was lost, so that it is done anew', async () => {
    scene.github.fault = (method) => (method === 'POST' ? { status: 502, after: true } : null);
    await codeOf(scene.runners.register(record()), 'forge-unreachable');
    expect(scene.github.names('acme/site')).toEqual([]);
    expect(scene.posts()).toEqual([502]);
    scene.github.fault = () => null;
    expect(await scene.runners.register(record())).toMatchObject({ kind: 'jit' });
  });

  it('says what GitHub does not accept, in its words', async () => {
    const problem = await codeOf(scene.runners.register(record({ labels: ['bad'] })), 'config-field');
    expect(problem.message).toContain('Label bad is reserved');
    for (const labels of [[], Array.from({ length: 101 }, (_, i) => `l${i}`), ['x'.repeat(257)], ['a,b']])
      await codeOf(scene.runners.register(record({ labels })), 'config-field');
    expect(scene.posts()).toEqual([422]);
  });

  it('finds the group of an organisation by its name, and remembers it', async () => {
    scene.github.groups = [
      { id: 3, name: 'All', default: true, visibility: 'all', repositories: [] },
      { id: 7, name: 'Fast', default: false, visibility: 'all', repositories: [] },
    ];
    const at = (suffix: string, group: string | null) =>
      scene.runners.register(record({ scope: 'acme', group, name: `hr-${install}-p-${suffix}` }));
    await at('aaaaaa', 'fast');
    await at('bbbbbb', null);
    expect(scene.github.runners.get('acme')?.map(({ group }) => group)).toEqual([7, 3]);
    expect(scene.github.requests.filter(({ path }) => path.includes('groups'))).toHaveLength(1);
    const problem = await codeOf(at('cccccc', 'slow'), 'not-found');
    expect(problem.message).toContain('slow');
    expect(problem.hint).toContain('Fast');
  });

  it('uses the default group of an enterprise whose groups may not be listed', async () => {
    scene.github.fault = (_, path) => (path.includes('groups') ? { status: 403 } : null);
    await scene.runners.register(record({ scope: 'enterprises/big' }));
    expect(scene.github.names('enterprises/big')).toEqual([name]);
    await codeOf(scene.runners.register(record({ scope: 'enterprises/big', group: 'x' })), 'forbidden');
  });

  it('gives a token for one that persists, whose id is then found by its name', async () => {
    scene.github.plant('acme/site', name);
    const persistent = record({ oneJob: false });
    const answer = await scene.runners.register(persistent);
    expect(answer).toMatchObject({ kind: 'token', token: 'AAAA' });
    expect(answer.kind === 'token' && answer.expiresAt > Date.now()).toBe(true);
    expect(await scene.runners.idOf(persistent)).toBeNull();
    const { id } = scene.github.plant('acme/site', name);
    expect(await scene.runners.idOf(persistent)).toBe(String(id));
  });
});
