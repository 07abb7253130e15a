/** Secrets that are planted are searched for everywhere: in arguments, environments, files, the database, answers and output. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { marked } from '../support/processes.ts';
import type { Home, Running } from '../support/product.ts';
import { until } from '../support/until.ts';
import { accounts, homeOf } from '../support/users.ts';
import { configure, ended, pidOf, running, submit, withControl } from './survive.ts';

/** Each is unlike anything else on the machine, and holds what regular expressions and shells would take apart. */
const named = 'named-5ecret-$HOME"\'\\`.*[x]{2}|&;<>#~ end';
const plainSecret = 'plain5ecretValue0123456789abcdef';
const account = {
  GITHUB_TOKEN: 'ghp_account5ecretTokenGithub0123456789ab',
  GIT_TOKEN: 'glpat-account5ecretGit0123',
  GITLAB_TOKEN: 'glpat-account5ecretGitlab4567',
  RUNNER_TOKEN: 'account5ecretRunnerToken890',
  ACTIONS_RUNNER_INPUT_TOKEN: 'account5ecretInputToken123',
  AWS_SECRET_ACCESS_KEY: 'account5ecretAwsKey456',
  HOMERUNNER_SECRET_UNASKED: 'account5ecretUnasked789',
};
const all = [named, plainSecret, ...Object.values(account)];

describe.each(accounts)('$title', (who) => {
  let home: Home;
  let supervisor: Running;
  let file: string;

  beforeEach(async (context) => {
    if (who.skip !== null) context.skip(who.skip);
    home = homeOf(who);
    configure(home, 2, { log: { level: 'debug', file: null } });
    // Beside the home, whose files are searched.
    file = path.join(path.dirname(home.path), `${path.basename(home.path)}-secret`);
    writeFileSync(file, `${named}\n`, { mode: 0o644 });
    supervisor = await home.run({
      env: { ...account, HOMERUNNER_SECRET_NAMED_FILE: file, HOMERUNNER_SECRET_PLAIN: plainSecret },
    });
  });
  afterEach(async () => {
    if (who.skip !== null) return;
    await home.dispose();
    rmSync(file, { force: true });
  });

  test('the named one is in the environment of its job, and nothing is anywhere else', async () => {
    const go = path.join(home.path, 'go');
    const script =
      'echo "it is $NAMED"; printf "%s\\n" "$PLAIN"; env; while [ ! -e "$1" ]; do sleep 0.1; done; [ ${#NAMED} -eq "$2" ]';
    const id = await submit(home, ['sh', '-c', script, 'sh', go, String(named.length)], {
      secrets: ['NAMED', 'PLAIN'],
    });
    const other = await submit(home, ['sh', '-c', 'env; while [ ! -e "$1" ]; do sleep 0.1; done', 'sh', go]);
    await running(home, id);
    await running(home, other);
    await until(
      async () => (await home.cli(['job', 'logs', id])).stdout.includes('HOMERUNNER_POOL'),
      'the job has printed',
    );

    const [asked, unasked] = [await pidOf(home, id), await pidOf(home, other)];
    expect(found(environments(asked), all)).toEqual([named, plainSecret]);
    expect(found(environments(unasked), all)).toEqual([]);
    expect(found(argumentsOfAll(), all)).toEqual([]);
    expect(filesWith(home.path, all)).toEqual([]);
    expect(found(await answers(id), all)).toEqual([]);

    writeFileSync(go, '');
    expect(await ended(home, id)).toMatchObject({ state: 'succeeded' });
    await ended(home, other);
    const log = (await home.cli(['job', 'logs', id])).stdout;
    expect(log).toContain('it is ***');
    expect(found(log, all)).toEqual([]);
    expect(found(await answers(id), all)).toEqual([]);
    expect((await supervisor.stop()).code).toBe(0);
    expect(found(supervisor.stdout + supervisor.stderr, all)).toEqual([]);
    expect(filesWith(home.path, all)).toEqual([]);
  });

  test('one that is not there is refused with a sentence that tells none', async () => {
    const refused = await home.cli(['submit', '--json', '--in-place', '--secret', 'MISSING', '--', 'true']);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout).toContain('MISSING');
    expect(found(refused.stdout + refused.stderr, all)).toEqual([]);
    expect(await home.jobs()).toEqual([]);
  });

  test('after kill -9 the job that is taken up masks what it prints, and nothing is in the files', async () => {
    const go = path.join(home.path, 'go');
    const script = 'while [ ! -e "$1" ]; do sleep 0.1; done; echo "late: $PLAIN"';
    const id = await submit(home, ['sh', '-c', script, 'sh', go], { secrets: ['PLAIN'] });
    await running(home, id);
    await supervisor.kill();
    expect(filesWith(home.path, all)).toEqual([]);
    await home.run();
    writeFileSync(go, '');
    expect(await ended(home, id)).toMatchObject({ state: 'succeeded' });
    expect((await home.cli(['job', 'logs', id])).stdout).toBe('late: ***\n');
  });

  async function answers(id: string): Promise<string> {
    const texts = await Promise.all(
      [
        ['status', '--json'],
        ['job', 'show', id, '--json'],
        ['job', 'list', '--json'],
        ['runner', 'list', '--json'],
        ['why', id, '--json'],
        ['config', 'show', '--json'],
        ['detect', '--json'],
      ].map(async (args) => {
        const done = await home.cli(args);
        return done.stdout + done.stderr;
      }),
    );
    return (
      texts.join('\n') +
      (await withControl(home, async (control) => JSON.stringify(await control.snapshot())))
    );
  }

  /** Of the job and all that it has started. */
  function environments(pid: number): string {
    const runner = marked(home.path).find((process) => process.pid === pid)?.runner;
    return marked(home.path)
      .filter((process) => process.runner === runner)
      .map((process) => read(`/proc/${process.pid}/environ`).toString())
      .join('\n');
  }
});

/** Which of the secrets are in the text, also in the forms in which JSON writes them. */
function found(text: string, secrets: readonly string[]): string[] {
  return secrets.filter(
    (secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)),
  );
}

function argumentsOfAll(): string {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => read(`/proc/${entry}/cmdline`).toString())
    .join('\n');
}

function filesWith(dir: string, secrets: readonly string[]): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = path.join(dir, name);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
    const bytes = read(file);
    return secrets.some(
      (secret) =>
        bytes.includes(secret) ||
        bytes.includes(Buffer.from(secret).toString('base64')) ||
        bytes.includes(JSON.stringify(secret).slice(1, -1)),
    );
  });
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
