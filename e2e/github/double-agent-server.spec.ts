/** The agent double answers to what its server says as the real agent is known to do. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { agentSite } from './agent-site.ts';

const site = agentSite();
/** Half a minute is 60 ms. */
const hasty = { HOMERUNNER_DOUBLE_TIME: '0.002' };

describe('what the server says', () => {
  const ends = async (env: NodeJS.ProcessEnv = {}) => {
    const program = site.agent.listener({ ...hasty, ...env });
    const { code } = await program.ended;
    return { code, stdout: program.stdout, stderr: program.stderr };
  };
  const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

  it('not configured', async () => {
    expect(await ends()).toMatchObject({
      code: 1,
      stderr: 'An error occurred: Not configured. Run config.(sh/cmd) to configure the runner.\n',
    });
  });

  it('another session: it tries for 240 seconds and ends with 5', async () => {
    site.configure();
    site.server.answers.sessions.push(...times(20, { status: 409 }));
    const { code, stderr, stdout } = await ends();
    expect(code).toBe(5);
    expect(stderr.match(/^A session for this runner already exists\.$/gm)).toHaveLength(9);
    expect(stderr).toMatch(/^.*Z: Runner connect error: .*\. Retrying until reconnected\.$/m);
    expect(stderr).toMatch(
      /Stop retry on SessionConflictException after retried for 240 seconds\.\nFailed to create session\. .*\n$/,
    );
    expect(stdout.match(/√ Connected to GitHub/g)).toHaveLength(9);
    expect(stdout).not.toContain('Listening');
  });

  it('another session that ends', async () => {
    site.configure();
    site.server.answers.sessions.push(...times(2, { status: 409 }));
    const program = await site.listening(hasty);
    expect(program.lines.slice(-4)).toEqual([
      'T: Runner reconnected.',
      "Current runner version: '2.336.0'",
      'T: Listening for Jobs',
      '',
    ]);
  });

  it('the registration is gone, before and while it listens', async () => {
    site.configure();
    site.server.answers.sessions.push({ status: 404 });
    expect(await ends()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Failed to create a session\. The runner registration has been deleted/),
    });
    const program = await site.listening();
    site.server.interject({ status: 404 });
    expect((await program.ended).code).toBe(0);
    expect(program.stderr).toBe(
      'The runner no longer exists on the server. Cleaning up local configuration.\n',
    );
    expect(site.agent.has('.runner')).toBe(false);
  });

  it('the registration is deleted while a job runs', async () => {
    site.configure({ Ephemeral: false });
    const program = await site.listening();
    site.server.job({ sleepMs: 60_000 });
    await site.working(program);
    site.server.interject({ status: 404 });
    expect((await program.ended).code).toBe(0);
    expect(program.stdout).toContain('completed with result: Canceled');
    expect(program.stderr).toContain('Cleaning up local configuration.');
  });

  it.each(['sessions', 'message'] as const)(
    'the version is deprecated (%s), said after it listens',
    async (where) => {
      site.configure();
      const message = 'Runner version v2.336.0 is deprecated and cannot receive messages.';
      site.server.answers[where].push(...times(2, { status: 403, body: { message } }));
      const first = await ends();
      expect(first).toMatchObject({ code: 1, stderr: `An error occurred: ${message}\n` });
      expect(first.stdout).toContain('Listening for Jobs');
      expect(await ends({ ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE: '1' })).toMatchObject({
        code: 7,
      });
    },
  );

  it('nothing for a while: it says so once, and again that it is back', async () => {
    site.configure();
    site.server.answers.message.push(...times(3, { status: 500 }));
    const program = await site.listening(hasty);
    await program.says('Runner reconnected.');
    expect(program.stderr.match(/Runner connect error: .* Retrying until reconnected\./g)).toHaveLength(1);
    site.server.job();
    expect((await program.ended).code).toBe(0);
  });

  it('nothing ten times: an exception that ends with 2', async () => {
    site.configure();
    site.server.answers.message.push(...times(10, { status: 502 }));
    const { code, stderr } = await ends();
    expect(code).toBe(2);
    expect(stderr).toMatch(/An error occurred: /);
  });

  it('the clock is off', async () => {
    site.configure();
    site.server.answers.message.push({ status: 401 });
    const program = await site.listening(hasty);
    await program.says(
      "The local machine's clock may be out of sync with the server time by more than five minutes.",
    );
    await program.says('Runner reconnected.');
  });

  it.each([
    { Ephemeral: true, code: 4 },
    { Ephemeral: false, code: 3 },
  ])('an update ends with $code, and the next start is the new version', async ({ code, ...change }) => {
    site.configure(change);
    const program = await site.listening();
    site.server.send({ type: 'update', version: '2.337.0' });
    expect((await program.ended).code).toBe(code);
    expect(program.stdout).toContain(
      'Runner update in progress, do not shutdown runner.\nDownloading 2.337.0 runner\n',
    );
    expect(program.stdout).toMatch(/online within 10 seconds\.\nRunner update process finished\.\n$/);
    await until(() => site.agent.has('update.finished'), 'the update is done');
    const next = await site.listening();
    expect(next.stdout).toContain("Current runner version: '2.337.0'");
  });

  it('an update that fails, and one that never comes to its end', async () => {
    site.configure();
    const program = await site.listening();
    site.server.send({ type: 'update', version: '2.337.0', fails: 'No space left on device' });
    await program.says('Runner update failed: No space left on device');
    site.server.send({ type: 'update', version: '2.337.0', never: true });
    expect((await program.ended).code).toBe(4);
    await delay(300);
    expect(site.agent.has('update.finished')).toBe(false);
    expect((await site.listening()).stdout).toContain("'2.336.0'");
  });

  it('no updates for a runner that wants none', async () => {
    site.configure({ DisableUpdate: true });
    const program = await site.listening();
    site.server.send({ type: 'update', version: '2.337.0' });
    site.server.job();
    expect((await program.ended).code).toBe(0);
    expect(program.stdout).not.toContain('update');
  });
});
