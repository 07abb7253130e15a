/** The agent double does with a job and with signals what the real agent is known to do. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { agentSite } from './agent-site.ts';

const site = agentSite();

describe('one job', () => {
  it('is told on the console to the letter, and a one-job runner is gone after it', async () => {
    site.configure();
    const program = await site.listening({ HOMERUNNER_RUNNER: 'r1', MINE: 'yes' });
    site.server.job({
      script: 'env > "$OUT_FILE"; pwd; echo "$RUNNER_TEMP"',
      jobDisplayName: 'odd completed with result: Failed',
    });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stderr).toBe('');
    expect(program.lines).toEqual([
      '',
      '√ Connected to GitHub',
      '',
      "Current runner version: '2.336.0'",
      'T: Listening for Jobs',
      'T: Running job: odd completed with result: Failed',
      // $OUT_FILE is empty: sh -e stops there.
      'T: Job odd completed with result: Failed completed with result: Failed',
      '√ Removed .credentials',
      '√ Removed .runner',
      '',
    ]);
    for (const name of ['.runner', '.credentials', '.credentials_rsaparams'])
      expect(site.agent.has(name)).toBe(false);
    expect(site.completed()).toEqual(['Failed']);
    expect(site.server.of('/sessions/one', 'DELETE')).toHaveLength(1);
    expect(site.server.asked.every((each) => each.authorization === `Bearer ${site.server.clientId}`)).toBe(
      true,
    );
  });

  it('runs in the checkout with the variables of GitHub and of the runner, and with those it inherited', async () => {
    site.configure();
    writeFileSync(path.join(site.agent.root, '.env'), 'FROM_FILE=a=b\nMINE=file\n');
    const program = await site.listening({
      HOMERUNNER_RUNNER: 'r1',
      MINE: 'inherited',
      OUT: path.join(site.agent.root, 'out'),
      actions_runner_input_TOKEN: 'secret',
    });
    site.server.job({ script: 'env > "$OUT"; pwd >> "$OUT"' });
    expect((await program.ended).code).toBe(0);
    const lines = site.agent.read('out').trim().split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'HOMERUNNER_RUNNER=r1',
        'FROM_FILE=a=b',
        'MINE=file',
        'GITHUB_REPOSITORY=octo/hello',
        'GITHUB_RUN_ID=123',
        `GITHUB_SERVER_URL=${site.server.base}`,
        'RUNNER_NAME=agent-1',
        `RUNNER_TEMP=${site.agent.root}/_work/_temp`,
        `${site.agent.root}/_work/hello/hello`,
      ]),
    );
    expect(site.agent.read('out')).not.toContain('secret');
    expect(site.agent.read('out')).not.toContain('ghs_jobToken');
    expect(site.completed()).toEqual(['Succeeded']);
  });

  it('leaves a trace with its message, whose secrets are stars', async () => {
    site.configure();
    const program = await site.listening();
    site.server.job();
    await program.ended;
    const trace = site.agent.diag('Worker');
    const message = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ INFO Worker\] Job message:\n( \{[\s\S]*?\n\})/m.exec(
      trace,
    );
    expect(JSON.parse(message?.[1] ?? '')).toMatchObject({
      jobDisplayName: 'build (ubuntu)',
      contextData: {
        github: {
          t: 2,
          d: expect.arrayContaining([
            { k: 'repository', v: 'octo/hello' },
            { k: 'run_id', v: '123' },
          ]),
        },
      },
    });
    expect(trace + site.agent.diag('Runner')).not.toMatch(/ghs_jobToken/);
    expect(site.agent.diag('Runner')).not.toContain(site.server.clientId);
  });

  it('is a process Runner.Worker that exists exactly while it runs, and is renewed by it', async () => {
    site.configure({ Ephemeral: false });
    const program = await site.listening();
    for (const round of [1, 2]) {
      expect(site.agent.processes('Runner.Worker')).toEqual([]);
      site.server.job({ sleepMs: 400, jobDisplayName: `job ${round}` });
      const pid = await site.working(program);
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toMatch(
        /\/bin\/Runner\.Worker\0spawnclient\0\d+\0\d+\0$/,
      );
      await program.says(`Job job ${round} completed with result: Succeeded`);
    }
    expect(site.server.of('/renew').length).toBeGreaterThan(5);
    expect(site.agent.has('.runner')).toBe(true);
    program.signal('SIGINT');
    expect((await program.ended).code).toBe(0);
  });

  it('waits for the one before it, and is not begun when the listener ends', async () => {
    site.configure({ Ephemeral: false });
    const program = await site.listening();
    for (const name of ['one', 'two', 'three'])
      site.server.job({ jobDisplayName: name, sleepMs: name === 'two' ? 60_000 : 100 });
    await program.says('Running job: two');
    program.signal('SIGINT');
    expect((await program.ended).code).toBe(0);
    expect(program.stdout).toMatch(
      /Job one completed .*: Succeeded\n.*\nExiting\.\.\.\n.*Job two completed .*: Canceled\n$/,
    );
    expect(site.completed()).toEqual(['Succeeded', 'Failed']);
  });

  it('can have its result from the server', async () => {
    site.configure();
    const program = await site.listening({ ACTIONS_RUNNER_RETURN_JOB_RESULT_FOR_HOSTED: '1' });
    site.server.job({ result: 'SucceededWithIssues' });
    expect((await program.ended).code).toBe(101);
    expect(program.stdout).toContain('completed with result: SucceededWithIssues');
  });

  it('kills what it left running', async () => {
    site.configure();
    const program = await site.listening();
    site.server.job({ script: `sleep 300 & echo $! > '${site.agent.root}/left'` });
    expect((await program.ended).code).toBe(0);
    await until(() => !alive(Number(site.agent.read('left'))), 'what it left is gone');
  });

  it('is cancelled by the server, and before its worker starts without a line', async () => {
    site.configure({ Ephemeral: false });
    const program = await site.listening();
    site.server.answers.renew.push({ status: 200, body: { cancel: true } });
    site.server.job({ jobDisplayName: 'never' });
    await until(() => site.completed().length === 1, 'it is reported');
    site.server.answers.renew.push({ status: 200 }, { status: 200, body: { cancel: true } });
    site.server.job({ jobDisplayName: 'later', script: 'sleep 300' });
    await program.says('Job later completed with result: Canceled');
    expect(site.completed()).toEqual(['Canceled', 'Canceled']);
    expect(program.stdout).toContain('Running job: never');
    expect(program.stdout).not.toContain('Job never completed');
  });

  it('fails when its worker is killed', async () => {
    site.configure();
    const program = await site.listening();
    site.server.job({ sleepMs: 60_000 });
    process.kill(await site.working(program), 'SIGKILL');
    expect((await program.ended).code).toBe(0);
    expect(program.stdout).toContain('completed with result: Failed');
    expect(site.completed()).toEqual(['Failed']);
  });

  it('goes on when its listener is killed, and is reported', async () => {
    site.configure();
    const program = await site.listening();
    site.server.job({ sleepMs: 500 });
    await site.working(program);
    program.signal('SIGKILL');
    await program.ended;
    expect(site.completed()).toEqual([]);
    await until(() => site.completed()[0] === 'Succeeded', 'the worker has reported');
    await until(() => site.agent.processes('Runner.Worker').length === 0, 'the worker has ended');
    expect(site.agent.has('.runner')).toBe(true);
  });
});

describe('signals', () => {
  it('ends on SIGINT and stays registered', async () => {
    site.configure();
    const program = await site.listening();
    program.signal('SIGINT');
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout.endsWith('Z: Listening for Jobs\nExiting...\n')).toBe(true);
    expect(site.agent.has('.runner')).toBe(true);
    expect(site.server.of('/sessions/one', 'DELETE')).toHaveLength(1);
  });

  it('cancels the job on SIGINT: Canceled on the console, failed at the server', async () => {
    site.configure();
    const program = await site.listening();
    site.server.job({ script: 'sleep 300' });
    await site.working(program);
    await delay(300);
    program.signal('SIGINT', 'group');
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout).toMatch(
      /Exiting\.\.\.\n.*Job build \(ubuntu\) completed with result: Canceled\n$/,
    );
    expect(site.completed()).toEqual(['Failed']);
    expect(site.agent.has('.runner')).toBe(true);
  });

  it('kills a step that hears neither SIGINT nor SIGTERM, with its children', async () => {
    site.configure();
    const program = await site.listening();
    const out = path.join(site.agent.root, 'children');
    site.server.job({ script: `trap '' INT TERM; sleep 300 & echo $! > '${out}'; sleep 299; sleep 298` });
    await until(
      () => site.agent.has('children') && site.agent.read('children').endsWith('\n'),
      'the step runs',
    );
    program.signal('SIGINT');
    await program.ended;
    expect(site.completed()).toEqual(['Failed']);
    await until(() => !alive(Number(site.agent.read('children'))), 'its child is gone');
  });

  it('ends on SIGTERM without a word with 143, and does not wait longer than its limit', async () => {
    site.configure();
    const idle = await site.listening();
    idle.signal('SIGTERM');
    expect(await idle.ended).toEqual({ code: 143, signal: null });
    expect(idle.stdout).not.toContain('Exiting');
    await site.use({ time: 1 });
    site.configure();
    // The step takes ten seconds to be killed and the limit is far below.
    const program = await site.listening({ HOMERUNNER_DOUBLE_TIME: '0.02' });
    site.server.job({ script: "trap '' INT TERM; sleep 300; sleep 300" });
    await site.working(program);
    process.kill(await site.working(program), 'SIGSTOP');
    const begin = performance.now();
    program.signal('SIGTERM');
    expect(await program.ended).toEqual({ code: 143, signal: null });
    expect(performance.now() - begin).toBeGreaterThan(500);
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  it('hears nothing when it hangs, and renews nothing', async () => {
    site.configure();
    const program = await site.listening();
    site.server.job({ sleepMs: 60_000 });
    await site.working(program);
    site.server.send({ type: 'hang' });
    await delay(500);
    const asked = site.server.asked.length;
    program.signal('SIGINT');
    await delay(500);
    expect(site.server.asked.length).toBe(asked);
    expect(program.child.exitCode).toBe(null);
    expect(program.stdout).not.toContain('Exiting');
    program.signal('SIGTERM');
    expect((await program.ended).code).toBe(143);
  });

  it('hangs from the beginning when the environment says so', async () => {
    site.configure();
    const program = await site.listening({ HOMERUNNER_DOUBLE_HANG: '1' });
    await delay(300);
    expect(site.server.of('/message', 'GET')).toEqual([]);
    expect(program.child.exitCode).toBe(null);
  });
});

const alive = (pid: number): boolean => {
  try {
    // A zombie that nobody awaits counts as dead.
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
