import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunnerRecord } from '../../../../core/runner.ts';
import { linuxProcesses } from '../../../os/process-table-linux.ts';
import { instance, record } from './agent.test-kit.ts';
import { foreignAgents } from './foreign.ts';
import { AgentWatch } from './look.ts';
import { agentOf, isBelow } from './programs.ts';
import { serves } from './serves.ts';
import { originIn } from './worker-log.ts';

let at = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  at = realpathSync(mkdtempSync(join(tmpdir(), 'look-')));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(at, { recursive: true, force: true });
});

const runners = () => join(at, 'runners');
const folder = () => join(runners(), record().name);
const log = () => join(at, 'log');
const stamp = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace(/\.\d+/, '');

/** A program of that name in the `bin` of an agent, which runs until it is killed. */
async function program(agent: string, name: string, mark: string | null): Promise<ChildProcess> {
  mkdirSync(join(agent, 'bin'), { recursive: true });
  writeFileSync(join(agent, 'bin', name), '#!/bin/sh\necho on\nread x\n', { mode: 0o700 });
  const env = { PATH: process.env['PATH'], ...(mark === null ? {} : { HOMERUNNER_RUNNER: mark }) };
  const child = spawn(join(agent, 'bin', name), ['run'], { env, cwd: agent });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

function watch() {
  const time = { now: 0, scans: 0 };
  const table = linuxProcesses('boot');
  const processes = { named: (names: readonly string[]) => ((time.scans += 1), table.named(names)) };
  const agents = new AgentWatch({ processes, clock: { now: () => Date.now(), monotonic: () => time.now } });
  const look = (change = {}, name = record().name) =>
    agents.look(record({ name }), join(runners(), name), instance(change), log());
  return { agents, time, look };
}

describe.skipIf(process.platform !== 'linux')('a look (skipped elsewhere: needs /proc)', () => {
  it('knows a worker by its process, also one whose agent has gone', async () => {
    const { time, look } = watch();
    expect(await look()).toEqual({ worker: 'none', listening: false, job: null, problem: null });
    const worker = await program(join(folder(), 'agent'), 'Runner.Worker', record().name);
    time.now = 1000;
    expect((await look()).worker).toBe('running');
    expect((await look({ state: 'ended', exitCode: 137 })).worker).toBe('running');
    expect((await look({}, 'hr-a1b2c3-app-000002')).worker).toBe('none');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    children.splice(0);
    time.now = 2000;
    expect((await look()).worker).toBe('none');
  });

  it('costs one look at the processes for many runners', async () => {
    const { time, look } = watch();
    await Promise.all(Array.from({ length: 50 }, (_, n) => look({}, `hr-${n}`)));
    expect(time.scans).toBe(1);
  });

  it('does not know where the processes cannot be read', async () => {
    const agents = new AgentWatch({
      processes: { named: () => Promise.reject(new Error('no /proc')) },
      clock: { now: () => 0, monotonic: () => 0 },
    });
    expect((await agents.look(record(), folder(), instance(), log())).worker).toBe('unknown');
  });

  it('tells job, repository and run, and begins anew with another process', async () => {
    const { look } = watch();
    const diag = join(folder(), 'agent', '_diag');
    mkdirSync(diag, { recursive: true });
    const began = stamp(Date.now());
    const second = began.replaceAll(/[-:Z]/g, '').replace(' ', '-');
    writeFileSync(join(diag, 'Worker_20200101-000000-utc.log'), '"repository": "old/one"');
    writeFileSync(log(), `${began}: Listening for Jobs\n${began}: Running job: build\n`);
    writeFileSync(
      join(diag, `Worker_${second}-utc.log`),
      '[x INFO Worker] Job message:\n {"d":[{ "k": "repository",\n "v": "acme/app" }, {"k":"run_id","v":"42"}]}',
    );
    expect(await look()).toMatchObject({
      listening: true,
      job: { name: 'build', endedAt: null, repository: 'acme/app', run: '42' },
      problem: null,
    });
    expect((await look({ state: 'ended' })).job?.lastWordAt).toBeCloseTo(Date.now(), -4);
    appendFileSync(log(), `${stamp(Date.now())}: Job build completed with result: Succeeded\n`);
    expect((await look()).job).toMatchObject({ result: 'succeeded', repository: 'acme/app', run: '42' });
    writeFileSync(log(), '');
    const other = { process: { pid: 2, startTime: '2', bootId: 'boot' } };
    expect(await look(other)).toMatchObject({ listening: false, job: null });
    expect(await look({ process: null, state: 'prepared' })).toMatchObject({ listening: false, job: null });
  });

  it('tells the jobs of one that persists in turn, each until it is written down', async () => {
    const { agents } = watch();
    const begun = (name: string, second: number) => `${stamp(second * 1000)}: Running job: ${name}\n`;
    writeFileSync(
      log(),
      `${begun('a', 1)}${stamp(2000)}: Job a completed with result: Failed\n${begun('b', 2)}${begun('c', 3)}`,
    );
    const next = async (lastJob?: RunnerRecord['lastJob']) =>
      (await agents.look(record({ oneJob: false, ...(lastJob && { lastJob }) }), folder(), instance(), log()))
        .job;
    const diag = join(folder(), 'agent', '_diag');
    mkdirSync(diag, { recursive: true });
    for (const n of [1, 2, 3])
      writeFileSync(join(diag, `Worker_19700101-00000${n}-utc.log`), `"repository":"acme/app","run_id":${n}`);
    expect(await next()).toMatchObject({ name: 'a', result: 'failed', run: '1' });
    expect(await next({ name: 'a', startedAt: 1000 })).toMatchObject({
      name: 'b',
      endedAt: 3000,
      result: null,
    });
    expect(await next({ name: 'b', startedAt: 2000 })).toMatchObject({ name: 'c', endedAt: null, run: '3' });
    expect(await next({ name: 'c', startedAt: 3000 })).toMatchObject({ name: 'c' });
  });

  it('does not take the last words of a process for those of the next, which writes to the same log', async () => {
    const first = { pid: 1, startTime: '1', bootId: 'boot' };
    const next = { process: { ...first, pid: 2 } };
    const { look } = watch();
    const old = 'An error occurred: Runner version v2.331.0 is deprecated and cannot receive messages.';
    writeFileSync(log(), `${stamp(1000)}: Listening for Jobs\n${old}\n`);
    const ended = await look({ process: first, state: 'ended', exitCode: 7 });
    expect(ended.problem?.code).toBe('agent-outdated');
    expect(await look(next)).toMatchObject({ listening: false, problem: null });
    appendFileSync(log(), `${stamp(2000)}: Listening for Jobs\n`);
    expect(await look(next)).toMatchObject({ listening: true, problem: null });
    // A supervisor that has not seen the first one.
    expect(await watch().look(next)).toMatchObject({ listening: true, problem: null });
    appendFileSync(log(), `${old}\n`);
    expect((await look(next)).problem?.code).toBe('agent-outdated');
  });

  it('takes no other job’s log for that of a worker which left none', async () => {
    const { agents } = watch();
    const name = 'say "a"';
    const begun = (job: string, second: number) => `${stamp(second * 1000)}: Running job: ${job}\n`;
    writeFileSync(log(), `${begun('b', 1)}${begun(name, 1)}`);
    const next = async (state: 'running' | 'ended') => {
      const persistent = record({ oneJob: false, lastJob: { name: 'b', startedAt: 1000 } });
      return (await agents.look(persistent, folder(), instance({ state }), log())).job;
    };
    const diag = join(folder(), 'agent', '_diag');
    mkdirSync(diag, { recursive: true });
    const message = (job: string, run: number) =>
      `"run_id":${run},\n  "jobDisplayName": ${JSON.stringify(job)}, "x": 1`;
    writeFileSync(join(diag, 'Worker_19700101-000001-utc.log'), message('b', 1));
    expect(await next('running')).toMatchObject({ name, run: null });
    expect((await next('ended'))?.lastWordAt).toBe(null);
    writeFileSync(join(diag, 'Worker_19700101-000002-utc.log'), message(name, 2));
    expect(await next('running')).toMatchObject({ name, run: '2' });
  });

  it('says why it ended, by its words before its exit code', async () => {
    const { look } = watch();
    const ended = (exitCode: number) => ({ state: 'ended', exitCode });
    expect((await look(ended(7))).problem).toMatchObject({ code: 'agent-outdated', subject: record().name });
    expect((await look(ended(0))).problem).toBe(null);
    writeFileSync(log(), 'The runner no longer exists on the server. Cleaning up local configuration.');
    expect((await look(ended(0))).problem).toMatchObject({ code: 'not-found' });
  });
});

describe.skipIf(process.platform !== 'linux')(
  'agents that are not ours (skipped elsewhere: needs /proc)',
  () => {
    const put = (agent: string, settings: object) => {
      mkdirSync(agent, { recursive: true });
      writeFileSync(join(agent, '.runner'), `\uFEFF${JSON.stringify(settings)}`);
    };
    const found = async () => {
      const options = {
        runners: runners(),
        userHome: join(at, 'home'),
        platform: 'linux' as const,
        processes: linuxProcesses('boot'),
      };
      const views = await foreignAgents({
        ...options,
        services: join(at, 'systemd'),
        places: [join(at, 'home')],
      });
      // Others may run on this machine.
      return views.filter(({ description }) => description.includes(at));
    };

    it('are found where they usually lie, as services and as processes, ours left out', async () => {
      put(join(at, 'home', 'actions-runner'), { AgentName: 'one', GitHubUrl: 'https://github.com/acme/one' });
      put(join(at, 'home', 'actions-runners', 'two'), {
        AgentName: 'two\u001b[31m',
        GitHubUrl: 'https://github.com/acme',
      });
      put(join(at, 'srv', 'three'), { AgentName: 'three' });
      mkdirSync(join(at, 'systemd'));
      writeFileSync(
        join(at, 'systemd', 'actions.runner.acme.three.service'),
        `[Service]\nWorkingDirectory=${join(at, 'srv', 'three')}\n`,
      );
      await program(join(at, 'home', 'actions-runner'), 'Runner.Listener', null);
      await program(join(folder(), 'agent'), 'Runner.Listener', record().name);
      const views = await found();
      expect(
        views
          .map(({ description }) => description.replaceAll(at, '').replace(/process \d+/, 'process N'))
          .sort(),
      ).toEqual([
        'The GitHub runner one in /home/actions-runner was not made by Homerunner; it serves https://github.com/acme/one and runs (process N).',
        'The GitHub runner three in /srv/three was not made by Homerunner; it does not say what it serves and does not run now. It is a service of this system.',
        'The GitHub runner two [31m in /home/actions-runners/two was not made by Homerunner; it serves https://github.com/acme and does not run now.',
      ]);
      expect(views.every(({ suspicious, name }) => !suspicious && name === null)).toBe(true);
      expect(views.map(({ agent }) => agent?.name)).toEqual(['one', 'two [31m', undefined]);
      const one = join(at, 'home', 'actions-runner');
      expect(views[0]?.agent).toMatchObject({
        ...{ folder: one, running: true, service: false },
        commands: { stop: null, uninstall: null, remove: `cd '${one}' && ./config.sh remove` },
      });
      writeFileSync(join(one, '.service'), 'actions.runner.acme.one.service');
      expect((await found())[0]?.agent?.commands).toEqual({
        stop: `cd '${one}' && sudo ./svc.sh stop`,
        uninstall: `cd '${one}' && sudo ./svc.sh uninstall`,
        remove: `cd '${one}' && ./config.sh remove`,
      });
    });

    it('are not to be taken over where they name no place that can be asked', async () => {
      for (const [name, url] of [
        ['a', 'http://evil.example/acme/one'],
        ['b', 'https://u:p@github.com/acme/one'],
        ['c', 'https://github.com/acme/one/two'],
        ['d', 'nonsense'],
      ] as const)
        put(join(at, 'home', `actions-runner-${name}`), { AgentName: name, GitHubUrl: url });
      const views = await found();
      expect(views.map(({ agent }) => agent)).toEqual([undefined, undefined, undefined, undefined]);
    });

    it('are suspicious where nobody puts one, also with our mark in the work folder of a job', async () => {
      const hidden = join(folder(), 'agent', '_work', 'x');
      put(hidden, { AgentName: 'worm', GitHubUrl: 'https://github.com/evil/repo' });
      await program(hidden, 'Runner.Listener', record().name);
      await program(join(at, 'tmp', '.x'), 'Runner.Listener', null);
      const views = await found();
      expect(views.map(({ suspicious }) => suspicious)).toEqual([true, true]);
      expect(views.find(({ description }) => description.includes('_work'))?.description).toContain(
        'Unknown runner on this machine',
      );
      expect(views.find(({ description }) => description.includes('_work'))?.description).toContain(
        'serves https://github.com/evil/repo',
      );
    });

    it('of another Homerunner are told as what they look like, and are suspicious all the same', async () => {
      const home = join(at, 'tmp', 'other');
      await program(join(home, 'runners', 'hr-0f0f0f-builds-abc123', 'agent'), 'Runner.Listener', null);
      const [view] = await found();
      expect(view).toMatchObject({ suspicious: true });
      expect(view?.description).toContain(`one of another Homerunner, in ${home}: if you run no other`);
    });

    it('say what they serve, unless their file is no such thing', async () => {
      expect(await serves(at)).toBe(null);
      put(at, { AgentName: 'one', GitHubUrl: 'https://github.com/acme/one' });
      expect(await serves(at)).toEqual({ name: 'one', url: 'https://github.com/acme/one' });
      for (const text of ['{', '7', '{"AgentName":7}', 'x'.repeat(100_000)]) {
        writeFileSync(join(at, '.runner'), text);
        expect(await serves(at)).toBe(null);
      }
    });
  },
);

it('reads the origin of a job in either form, and nothing into other text', () => {
  expect(originIn('{"repository":"acme/app","run_id":42}')).toEqual({ repository: 'acme/app', run: '42' });
  expect(originIn('{"k":"repository","v":"acme/app"},{"k":"repository","v":"evil/app"}').repository).toBe(
    'acme/app',
  );
  expect(originIn('"repository": "***", "repository_owner":"acme"')).toEqual({ repository: null, run: null });
});

it('knows paths of both kinds', () => {
  const process = { pid: 1, runner: null, cwd: null };
  expect(agentOf({ ...process, path: 'C:\\r\\agent\\bin\\Runner.Listener.exe' })).toBe('C:\\r\\agent');
  expect(agentOf({ ...process, path: 'bin/Runner.Listener', cwd: '/a' })).toBe('/a');
  expect(agentOf({ ...process, path: 'bin/Runner.Listener' })).toBe(null);
  expect(isBelow('C:\\R\\agent', 'c:\\r\\agent\\bin\\x.exe')).toBe(true);
  expect(isBelow('/r/agent', '/r/agent2/bin/x')).toBe(false);
});
