import { expect, it, vi } from 'vitest';
import type { Link } from '../contract/desktop.ts';
import { problem } from '../contract/problem.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { Supervision } from './supervision.ts';
import type { LocalSupervisor, RemoteSupervisor, SupervisorSource } from './supervisor-source.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const refused = (code: 'no-supervisor' | 'already-running' | 'forbidden') =>
  problem(code, `It is ${code}.`, 'Wait.');

function api(
  host: 'tray' | 'headless',
  state = 'idle',
): Pick<RemoteSupervisor, 'snapshot' | 'subscribe' | 'execute' | 'stream'> {
  const runners = [{ job: null }, { job: { name: 'make test' } }];
  const snapshot = { supervisor: { host }, state, runners } as unknown as Snapshot;
  return {
    snapshot: () => Promise.resolve(snapshot),
    subscribe(fn) {
      fn(snapshot);
      return () => undefined;
    },
    execute: () => Promise.reject(new Error('not asked')),
    stream: () => {
      throw new Error('not asked');
    },
  };
}

/** A world in which supervisors come and go. */
class World implements SupervisorSource {
  readonly version = '1';
  remote: RemoteSupervisor | null = null;
  held = false;
  hosted = 0;
  endRemote: () => void = () => undefined;

  comes(state = 'idle'): void {
    const closed = new Promise<void>((resolve) => (this.endRemote = resolve));
    this.remote = { ...api('headless', state), closed, close: () => undefined };
  }

  goes(): void {
    this.remote = null;
    this.endRemote();
  }

  connect(): Promise<RemoteSupervisor> {
    return this.remote === null ? Promise.reject(refused('no-supervisor')) : Promise.resolve(this.remote);
  }

  host(): Promise<LocalSupervisor> {
    if (this.held) return Promise.reject(refused('already-running'));
    this.hosted += 1;
    return Promise.resolve({
      api: api('tray'),
      stop: () => Promise.resolve([]),
      wake: () => undefined,
      ended: new Promise(() => undefined),
    });
  }
}

function begun(world: SupervisorSource): { supervision: Supervision; link: () => Link } {
  const supervision = new Supervision(world, log);
  void supervision.begin();
  return { supervision, link: () => supervision.link };
}

it('becomes the supervisor where none runs, once nobody holds the home any more', async () => {
  const world = new World();
  world.held = true;
  const { supervision, link } = begun(world);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(link().connected).toBe(false);
  world.held = false;
  await vi.waitUntil(() => link().connected);
  expect(link().snapshot?.supervisor.host).toBe('tray');
  expect(supervision.here).toBe(true);
  expect(await supervision.jobsHere()).toEqual(['make test']);
  expect(world.hosted).toBe(1);
});

it('is the client of one that runs, and takes its place only when the owner says so', async () => {
  const world = new World();
  world.comes();
  const { supervision, link } = begun(world);
  await vi.waitUntil(() => link().connected);
  expect(supervision.here).toBe(false);
  expect(await supervision.jobsHere()).toEqual([]);
  world.goes();
  await vi.waitUntil(() => !link().connected);
  expect(link().problem?.message).toContain('has gone');
  expect(link().snapshot?.supervisor.host).toBe('headless');
  expect(supervision.canStart).toBe(true);
  expect(await supervision.execute('pool.list', {})).toEqual({ ok: false, problem: link().problem });
  expect(world.hosted).toBe(0);
  supervision.start();
  await vi.waitUntil(() => link().connected);
  expect(supervision.here).toBe(true);
});

it('says of one that was stopped that it was, and finds the next one', async () => {
  const world = new World();
  world.comes('stopping');
  const { supervision, link } = begun(world);
  await vi.waitUntil(() => link().connected);
  world.goes();
  await vi.waitUntil(() => !link().connected);
  expect(link().problem?.message).toBe('The supervisor was stopped.');
  world.comes();
  supervision.wake();
  await vi.waitUntil(() => link().connected);
  supervision.close();
});

it('says why it cannot reach one, and does not try to replace it', async () => {
  const world = new World();
  world.connect = () => Promise.reject(refused('forbidden'));
  const { supervision, link } = begun(world);
  await vi.waitUntil(() => link().problem?.code === 'forbidden');
  expect(world.hosted).toBe(0);
  supervision.close();
});
