/** The agent double's archive, configuration, console and scripts. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { buildAgentArchive } from '../support/github-agent/archive.ts';
import { until } from '../support/until.ts';
import { agentSite } from './agent-site.ts';

const site = agentSite();

describe('configuration', () => {
  const inputs = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ACTIONS_RUNNER_INPUT_URL: `${site.server.base}/octo/hello`,
    ACTIONS_RUNNER_INPUT_TOKEN: 'registrationToken',
    ACTIONS_RUNNER_INPUT_NAME: 'agent-1',
    ACTIONS_RUNNER_INPUT_LABELS: 'gpu,GPU,Big Box',
    ACTIONS_RUNNER_INPUT_UNATTENDED: 'true',
    ...more,
  });
  const configureBy = (env: NodeJS.ProcessEnv) => site.agent.start('bin/Runner.Listener', ['configure'], env);

  it('registers with what the environment holds, and is removed again', async () => {
    await site.use({ bom: true });
    const program = configureBy(inputs({ 'ACTIONS_RUNNER_INPUT_NO-DEFAULT-LABELS': 'true' }));
    expect([(await program.ended).code, program.stderr]).toEqual([0, '']);
    const told = ['Self-hosted runner registration', '# Authentication', '√ Connected to GitHub'];
    told.push(
      '# Runner Registration',
      '√ Runner successfully added',
      '# Runner settings',
      '√ Settings Saved.',
    );
    const places = told.map((each) => program.stdout.indexOf(each));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(site.server.asked[0]).toMatchObject({
      path: '/api/v3/actions/runner-registration',
      authorization: 'RemoteAuth registrationToken',
      body: { runner_event: 'register', name: 'agent-1', labels: ['GPU', 'Big Box'], ephemeral: false },
    });
    expect(statSync(path.join(site.agent.root, '.credentials_rsaparams')).mode & 0o777).toBe(0o600);
    expect(site.agent.read('.runner').startsWith('\uFEFF')).toBe(true);
    expect(site.agent.diag('Runner')).not.toContain('registrationToken');

    const again = configureBy(inputs());
    expect((await again.ended).code).toBe(1);
    expect(again.stderr).toContain('Cannot configure the runner because it is already configured.');

    await site.listening();
    const removed = site.agent.start('bin/Runner.Listener', ['remove'], {
      ACTIONS_RUNNER_INPUT_TOKEN: 'removeToken',
    });
    expect((await removed.ended).code).toBe(0);
    expect(removed.stdout).toMatch(
      /√ Runner removed successfully\n√ Removed \.credentials\n√ Removed \.runner\n$/,
    );
    expect(site.server.asked.at(-1)).toMatchObject({ body: { runner_event: 'remove', agentId: 7 } });
  });

  it('has the default labels, and says what is wrong with the rest', async () => {
    site.server.answers.registration.push(
      { status: 409, body: { message: 'A runner exists with the same name agent-1.' } },
      { status: 404, body: { message: 'Not Found' } },
    );
    const taken = configureBy(inputs());
    expect([(await taken.ended).code, taken.stderr]).toEqual([
      1,
      'A runner exists with the same name agent-1.\n',
    ]);
    expect(site.server.asked[0]?.body['labels']).toEqual([
      'self-hosted',
      'Linux',
      expect.any(String),
      'GPU',
      'Big Box',
    ]);
    const expired = configureBy(inputs());
    expect((await expired.ended).code).toBe(1);
    expect(expired.stderr).toMatch(
      /^Http response code: NotFound from 'POST .*\/actions\/runner-registration' \(Request Id: .*\)\n\{"message":"Not Found"\}\nResponse status code does not indicate success: 404 \(Not Found\)\.\n$/,
    );
    const { ACTIONS_RUNNER_INPUT_URL: _, ...without } = inputs();
    const missing = configureBy(without);
    expect((await missing.ended).code).toBe(1);
    expect(missing.stderr).toBe(
      'Invalid configuration provided for url. Terminating unattended configuration.\n',
    );
    expect(site.agent.has('.runner')).toBe(false);
  });

  it('takes a JIT configuration, and refuses what is none', async () => {
    const program = await site.listening({ ACTIONS_RUNNER_INPUT_JITCONFIG: site.server.jit() });
    expect(JSON.parse(site.agent.read('.runner'))).toMatchObject({ AgentName: 'agent-1' });
    program.signal('SIGINT');
    await program.ended;
    const bad = site.agent.listener({ ACTIONS_RUNNER_INPUT_JITCONFIG: 'no base64!' });
    expect((await bad.ended).code).toBe(1);
    expect(bad.stderr).toContain('Base-64');
  });

  it('reads files that begin with a byte-order mark', async () => {
    site.configure({}, true);
    await site.listening();
  });
});

describe('console', () => {
  it.each(['crlf', 'split'] as const)('%s', async (output) => {
    await site.use({ output });
    site.configure();
    const program = await site.listening();
    site.server.job();
    await program.ended;
    const end = output === 'crlf' ? '\r\n' : '\n';
    expect(program.stdout).toMatch(
      new RegExp(`completed with result: Succeeded${end}√ Removed .credentials${end}`),
    );
  });

  it('prints what the test wants', async () => {
    site.configure();
    const program = await site.listening();
    site.server.send({
      type: 'print',
      stream: 'stderr',
      text: `No space left on device${'x'.repeat(200_000)}`,
    });
    await program.says(/No space left on devicex{200000}\n/);
    site.server.send({ type: 'exit', code: 2 });
    expect((await program.ended).code).toBe(2);
  });
});

describe('scripts', () => {
  const asRoot = { RUNNER_ALLOW_RUNASROOT: '1' };
  const isRoot = process.getuid?.() === 0;

  it.runIf(isRoot)('refuse root, and run.sh ends with 0 all the same', async () => {
    const run = site.agent.start('run.sh');
    expect((await run.ended).code).toBe(0);
    expect(run.stdout).toBe('Must not run interactively with sudo\nExiting runner...\n');
    const config = site.agent.start('config.sh');
    expect((await config.ended).code).toBe(1);
    expect(config.stdout).toBe('Must not run with sudo\n');
  });

  it('run.sh tells what the listener ended with, and starts it again after 2 and after updates', async () => {
    site.configure();
    const run = site.agent.start('run.sh', [], asRoot);
    await run.says('Listening for Jobs');
    site.server.send({ type: 'exit', code: 2 });
    await run.says(/re-launch runner in 5 seconds\.\nRestarting runner\.\.\.\n[\s\S]*Listening/);
    site.server.send({ type: 'update', version: '2.337.0' });
    await run.says(
      /Restarting[\s\S]*Restarting runner\.\.\.\n[\s\S]*Current runner version: '2\.33[67]\.0'[\s\S]*Listening/,
    );
    site.server.job();
    expect((await run.ended).code).toBe(0);
    expect(run.stdout).toContain('re-launch runner after successful update');
    expect(run.stdout).toMatch(/0 return code, stop the service, no retry needed\.\nExiting runner\.\.\.\n$/);
  });

  it('run.sh ends with 7 only when that was asked for', async () => {
    site.configure();
    const env = { ...asRoot, ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE: '1' };
    site.server.answers.sessions.push({ status: 403 }, { status: 403 });
    expect((await site.agent.start('run.sh', [], asRoot).ended).code).toBe(0);
    expect((await site.agent.start('run.sh', [], env).ended).code).toBe(7);
  });

  it('run.sh dies of SIGTERM and leaves its listener, and hears no SIGINT of its own', async () => {
    site.configure();
    const run = site.agent.start('run.sh', [], asRoot);
    await run.says('Listening for Jobs');
    run.signal('SIGINT');
    await delay(300);
    expect(run.child.exitCode).toBe(null);
    run.signal('SIGTERM');
    await until(() => run.child.signalCode === 'SIGTERM', 'run.sh is dead');
    expect(site.agent.processes('Runner.Listener')).not.toEqual([]);
    site.server.job();
    await until(() => site.completed()[0] === 'Succeeded', 'the orphan has run a job');
  });

  it.each([
    ['SIGINT', 'process', 130],
    ['SIGTERM', 'process', 143],
    ['SIGINT', 'group', 130],
    ['SIGTERM', 'group', 143],
  ] as const)('run.sh that traps ends the listener well on %s to its %s', async (signal, to, code) => {
    site.configure();
    const run = site.agent.start('run.sh', [], { ...asRoot, RUNNER_MANUALLY_TRAP_SIG: '1' });
    await run.says('Listening for Jobs');
    run.signal(signal, to);
    expect((await run.ended).code).toBe(code);
    expect(run.stdout).toMatch(/Exiting runner\.\.\.\n(.*\n)*Exiting\.\.\.\n/);
    expect(site.agent.processes('Runner.Listener')).toEqual([]);
  });

  it('config.sh leaves .env and .path', async () => {
    const config = site.agent.start(
      'config.sh',
      ['--unattended', '--url', `${site.server.base}/o`, '--token', 't', '--odd'],
      {
        ...asRoot,
        LANG: 'C.UTF-8',
      },
    );
    expect((await config.ended).code).toBe(0);
    expect(config.stderr).toContain("Unrecognized command-line input arguments: '--odd'.");
    expect(site.agent.read('.env')).toBe('LANG=C.UTF-8\n');
    expect(site.agent.read('.path')).toBe(`${process.env['PATH'] ?? ''}\n`);
  });
});

describe('archive', () => {
  it('is the same for the same, has its figures, and can be made larger', async () => {
    const folder = path.join(site.agent.root, 'archives');
    const one = await buildAgentArchive(path.join(folder, '1'), '2.336.0');
    const two = await buildAgentArchive(path.join(folder, '2'), '2.336.0');
    const large = await buildAgentArchive(path.join(folder, '3'), '2.337.0', { padMiB: 3 });
    expect(two).toMatchObject({ sha256: one.sha256, size: one.size });
    expect(createHash('sha256').update(readFileSync(one.file)).digest('hex')).toBe(one.sha256);
    expect(large.size - one.size).toBeGreaterThan(3 * 1024 * 1024);
    expect(path.basename(large.file)).toMatch(/^actions-runner-(linux|osx)-(x64|arm64)-2\.337\.0\.tar\.gz$/);
  });
});
