/** The parts of GitHub together behind the one port; what each does by itself is tested beside it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Light } from '../../../contract/commands.ts';
import type { Pool } from '../../../contract/pool.ts';
import { problem } from '../../../contract/problem.ts';
import type { AgentEvidence } from '../../../core/agent-port.ts';
import { byName, type RunnerRecord } from '../../../core/runner.ts';
import { makePool } from '../../../core/testing/make.ts';
import { folders, instance, record as agentRecord } from './agent/agent.test-kit.ts';
import { Refusals } from './agent/refusals.ts';
import { Releases } from './agent/releases.ts';
import { directApis, testAccount } from './fake-apis.test-kit.ts';
import { FakeGitHub } from './fake-github.test-kit.ts';
import { githubForge, type GitHubParts } from './forge.ts';

const install = 'a1b2c3';
const scope = 'acme/app';
const pool = makePool({ id: 'app', forge: 'github', account: 'me', scope });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const configuration = base64(
  JSON.stringify({ '.runner': base64('{"AgentName":"x"}'), '.credentials': base64('{}') }),
);
const quiet: AgentEvidence = { worker: 'none', listening: true, job: null, problem: null };

let at: string;
let github: FakeGitHub;
let pools: Pool[];
let lights: readonly Light[];
let evidence: AgentEvidence;
let store: ReturnType<typeof folders> & { close(): Promise<void>; closed?: true };
let forge: ReturnType<typeof githubForge>;

beforeEach(() => {
  at = mkdtempSync(join(tmpdir(), 'forge-'));
  github = new FakeGitHub();
  github.repository(scope);
  github.jitConfig = () => configuration;
  [pools, lights, evidence] = [[pool], [], quiet];
  store = Object.assign(folders(at, 'exit 0'), {
    close: () => Promise.resolve(void (store.closed = true)),
  });
  forge = open();
});
afterEach(async () => {
  await forge.remote.close();
  rmSync(at, { recursive: true });
});

function open(more: Partial<GitHubParts> = {}): typeof forge {
  const nothing = () => undefined;
  return githubForge({
    ...{
      apis: directApis(github).apis,
      accounts: () => [testAccount],
      pools: () => pools,
      records: [],
      install,
    },
    ...{ clock: { now: () => Date.now(), monotonic: () => performance.now() } },
    ...{ log: { info: nothing, warn: nothing, error: nothing }, platform: 'linux', environment: {} },
    ...{ folders: store, work: () => [], cancelWork: () => false, look: () => Promise.resolve(evidence) },
    ...{
      foreignAgents: () => [],
      lookAround: () => Promise.resolve([]),
      check: () => Promise.resolve(lights),
      passed: { load: () => null, save: nothing },
      releases: new Releases({
        folders: store,
        pin: null,
        updates: () => false,
        refusals: new Refusals({ now: () => Date.now(), load: () => null, save: nothing }),
        now: () => Date.now(),
        monotonic: () => performance.now(),
      }),
    },
    checkMs: () => null,
    ...more,
  });
}

function folderOf({ name }: RunnerRecord): string {
  const folder = join(at, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const rejected = async (work: Promise<unknown>) =>
  (await work.then(
    () => null,
    (error: unknown) => error,
  )) as { problem: { code: string } } | null;
const posts = () => github.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);

describe('a registration', () => {
  it('of a one-job runner gives its id, and what its agent is made with', async () => {
    const one = agentRecord();
    const id = await forge.register(one);
    expect(github.names(scope)).toEqual([one.name]);
    expect(id).toBe(String(github.runners.get(scope)?.[0]?.id));
    const folder = folderOf(one);
    await forge.prepare({ ...one, registration: id }, folder);
    expect(existsSync(join(folder, 'agent', '.runner'))).toBe(true);
    const launch = await forge.launch(one, folder);
    expect(launch.argv).toEqual([join(folder, 'agent', 'bin', 'Runner.Listener'), 'run']);
    expect(JSON.stringify(launch)).not.toContain(configuration);
    await expect.poll(() => forge.runners()).toMatchObject([{ name: one.name, online: false }]);
  });

  it('is made only through the gate', async () => {
    const blocked = {
      name: 'public',
      ok: false,
      message: 'It is public.',
      hint: null,
      link: null,
      blocks: true,
    };
    lights = [blocked];
    expect(await rejected(forge.register(agentRecord()))).toMatchObject({
      problem: { code: 'refused-by-policy' },
    });
    expect(posts()).toEqual([]);
    expect(store.asked).toBe(0);
    expect(await forge.preflight(pool)).toEqual([blocked]);
  });

  it('is made only when its agent lies here: what waits for a download is not registered', async () => {
    const broken = problem('download-failed' as never, 'It broke off.', 'Again.');
    store.have = () => Promise.reject(broken);
    expect(await rejected(forge.register(agentRecord()))).toBe(broken);
    expect(posts()).toEqual([]);
  });

  it('is not made for a pool that is gone', async () => {
    pools = [];
    expect(await rejected(forge.register(agentRecord()))).toMatchObject({ problem: { code: 'not-found' } });
    expect(posts()).toEqual([]);
  });

  it('of one that persists is known by its name until its agent has made it', async () => {
    const persistent = agentRecord({ oneJob: false });
    expect(await forge.register(persistent)).toBe(byName);
    expect(posts()).toEqual([`/repos/${scope}/actions/runners/registration-token`]);
    github.plant(scope, persistent.name, { status: 'online' });
    expect(await forge.fence({ ...persistent, registration: byName })).toBe('fenced');
    expect(github.runners.get(scope)?.[0]?.labels).toEqual([]);
    await forge.remove({ ...persistent, registration: byName });
    expect(github.names(scope)).toEqual([]);
  });

  it('whose secret was lost with an earlier supervisor prepares no agent', async () => {
    const one = agentRecord();
    await forge.register(one);
    const later = open();
    const lost = await rejected(later.prepare(one, folderOf(one)));
    expect(lost).toMatchObject({ problem: { code: 'unexpected' } });
    await later.remote.close();
  });
});

describe('what is ours', () => {
  it('is looked for wherever it may be, and removed; of others nothing is touched', async () => {
    const many = makePool({ id: 'app', forge: 'github', account: 'me', scope: 'acme/*' });
    pools = [many];
    github.repository('acme/lib');
    const left = agentRecord({ name: `hr-${install}-app-000009`, scope: 'acme/lib' });
    forge = open({ records: [left] });
    github.plant('acme/lib', left.name);
    github.plant('acme/lib', 'hr-ffffff-app-000001');
    await expect.poll(() => forge.runners()).toMatchObject([{ name: left.name }]);
    // A ghost has a name and an id, and no record that says where it is.
    const id = String(github.runners.get('acme/lib')?.[0]?.id);
    await forge.remove({ name: left.name, registration: id });
    expect(github.names('acme/lib')).toEqual(['hr-ffffff-app-000001']);
    await forge.remove({
      name: 'hr-ffffff-app-000001',
      registration: null,
      scope: 'acme/lib',
      account: 'me',
    });
    expect(github.names('acme/lib')).toEqual(['hr-ffffff-app-000001']);
    expect(forge.remote.foreign()).toMatchObject([{ name: 'hr-ffffff-app-000001' }]);
  });

  it('is unknown where GitHub cannot be asked', async () => {
    github.fault = () => ({ status: 502 });
    await forge.runners();
    await expect.poll(() => forge.remote.isUnknown(scope)).toBe(true);
    // Pools and listings may spell it differently, and it is asked once.
    expect(forge.remote.isUnknown(scope.toUpperCase())).toBe(true);
    github.fault = () => null;
    expect(forge.remote.isUnknown('elsewhere/app')).toBe(false);
  });
});

describe('an agent', () => {
  it('that GitHub refuses as too old is not made of that version again', async () => {
    const one = agentRecord();
    const id = await forge.register(one);
    const folder = folderOf(one);
    await forge.prepare({ ...one, registration: id }, folder);
    const outdated = problem('agent-outdated', 'It is too old.', 'A newer one is fetched.').problem;
    evidence = { ...quiet, problem: outdated };
    const look = () => forge.waiting?.look(one, folder, instance());
    expect(await look()).toMatchObject({ problem: { code: 'agent-outdated' } });
    await look();
    const next = agentRecord({ name: `hr-${install}-app-000002` });
    expect(await rejected(forge.register(next))).toMatchObject({ problem: { code: 'agent-outdated' } });
    expect(github.names(scope)).toEqual([one.name]);
  });
});

it('those who watch hear of what is new, until they do not want to', async () => {
  const heard: string[] = [];
  const unwatch = forge.watch((why) => heard.push(why));
  await forge.runners();
  await expect.poll(() => heard.some((why) => why.includes('told of the runners'))).toBe(true);
  unwatch();
  const before = heard.length;
  await forge.register(agentRecord());
  await forge.runners();
  expect(heard).toHaveLength(before);
});

it('at its end it closes the store', async () => {
  await forge.remote.close();
  expect(store.closed).toBe(true);
});
