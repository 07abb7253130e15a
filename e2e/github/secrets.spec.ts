/** The account's token, registration tokens, whole JIT configurations and the keys in them: looked for everywhere while jobs run. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { marked } from '../support/processes.ts';
import { until } from '../support/until.ts';
import { atWork, runnerThat, Sign } from './agents.ts';
import { GitHubSite } from './site.ts';

let site: GitHubSite;
/** All that GitHub has given out so far; jobs are meant to have their own tokens. */
const given = new Set<string>();
const issued = (kind: string, secret: string): void => {
  if (kind !== "job's token") given.add(secret);
};

afterEach(async () => {
  given.clear();
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const labels = ['self-hosted', 'linux'];
/** A registration has its own credential in its own folder, for its own life (0600 in a folder of 0700). */
const ownFile = /^runners\/[^/]+\/agent\/\.(runner|credentials|credentials_rsaparams)$/;

it('are in no argument, environment, log, answer or file but where they belong, from the sign-in to the end', async () => {
  site = await GitHubSite.open({ double: { issued } });
  given.add(site.token);
  const { github, home } = site;
  const running = await site.run(['--name', 'once', '--max', '2']);
  await site.pool('ann/tools', [
    '--name',
    'stays',
    '--mode',
    'manual',
    '--min',
    '1',
    '--max',
    '1',
    '--label',
    'stays',
  ]);
  const found = new Set<string>();
  const watching = watch(found);
  const signs = ['a', 'b', 'c'].map((name) => new Sign(site, name));
  await runnerThat(site, ({ pool, phase }) => pool === 'stays' && phase === 'idle', 'stays');
  const jobs = signs.flatMap(({ script }, n) =>
    github.queueJob({
      repository: 'ann/tools',
      labels: n === 0 ? [...labels, 'stays'] : labels,
      script: `env; ${script}`,
    }),
  );
  for (const job of jobs) await atWork(site, job);
  // Of each runner its configuration whole and in three files, and a key of four numbers.
  expect(given.size).toBeGreaterThan(3 * 8);
  await home.cli(['runner', 'list']);
  for (const sign of signs) sign.open();
  await site.ended(3);
  const answers = await Promise.all(
    [['status'], ['job', 'list'], ['account', 'list'], ['config', 'show'], ['report']].map(async (args) => {
      const { stdout, stderr } = await home.cli([...args, '--json']);
      return stdout + stderr;
    }),
  );
  // One that persists takes a minute to be let go in order.
  expect(await home.cli(['stop', '--now'])).toMatchObject({ code: 0 });
  await watching.end();
  for (const secret of given)
    for (const text of [...answers, running.stdout, running.stderr])
      if (text.includes(secret)) found.add(`an answer holds ${secret}`);
  expect([...found]).toEqual([]);
  expect(watching.rounds).toBeGreaterThan(5);
});

function watch(found: Set<string>): { rounds: number; end: () => Promise<void> } {
  const going = new AbortController();
  const watching = { rounds: 0, end };
  const done = (async () => {
    while (!going.signal.aborted) {
      look(found);
      watching.rounds += 1;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    look(found);
  })();
  async function end(): Promise<void> {
    going.abort();
    await done;
  }
  return watching;
}

function look(found: Set<string>): void {
  const note = (where: string, text: Buffer): void => {
    for (const secret of given)
      if (text.includes(secret) || text.includes(Buffer.from(secret).toString('base64')))
        found.add(`${where} holds ${secret.slice(0, 80)}`);
  };
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    note(`an argument of ${entry}`, read(`/proc/${entry}/cmdline`));
  for (const { pid, command } of marked(site.home.path))
    note(`the environment of ${command}`, read(`/proc/${pid}/environ`));
  // What everybody may read beside our home: the system's folder for what is temporary.
  for (const entry of readdirSync(tmpdir(), { withFileTypes: true }))
    if (entry.isFile()) note(entry.name, read(path.join(tmpdir(), entry.name)));
  for (const name of files(site.home.path)) {
    const file = path.join(site.home.path, name);
    const status = statSync(file, { throwIfNoEntry: false });
    if (status?.isFile() !== true) continue;
    if (!ownFile.test(name)) note(name, read(file));
    else if ((status.mode & 0o077) !== 0) found.add(`${name} is readable by others`);
  }
}

function files(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.includes('/externals/') && !name.includes('/bin/'),
    );
  } catch {
    return [];
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

it('a registration token is in one short process alone, and in nothing that comes after it', async () => {
  const tokens = new Set<string>();
  const keep = (kind: string, secret: string): void => {
    if (kind === 'registration token') tokens.add(secret);
  };
  site = await GitHubSite.open({ double: { issued: keep } });
  const { github, home } = site;
  const watching = holders(tokens);
  await site.run(['--mode', 'manual', '--min', '1', '--max', '1']);
  await runnerThat(site, ({ phase }) => phase === 'idle', 'is idle');
  const sign = new Sign(site);
  const [job = 0] = github.queueJob({
    repository: 'ann/tools',
    labels,
    script: `env > job-environment; ${sign.script}`,
  });
  await sign.begun();
  const { seen, children } = await watching.end();
  expect(tokens.size).toBe(1);
  // It was looked for where it is, and is: only there, for the agent is given its arguments so.
  expect([...seen]).toEqual([
    expect.stringMatching(/\/agent\/bin\/Runner\.Listener configure --unattended $/),
  ]);
  expect([...children]).toEqual([]);
  // The listener, its worker and the job are at work now.
  const late = holders(tokens);
  await until(() => late.rounds > 3, 'all processes were looked at');
  expect((await late.end()).seen).toEqual(new Set());
  const all = readdirSync(home.path, { recursive: true, encoding: 'utf8' });
  expect(all.filter((name) => name.endsWith('/job-environment'))).toHaveLength(1);
  const inFiles = all.filter((name) => {
    const text = read(path.join(home.path, name));
    return [...tokens].some(
      (token) => text.includes(token) || text.includes(Buffer.from(token).toString('base64')),
    );
  });
  expect(inFiles).toEqual([]);
  sign.open();
  await site.ended(1);
  expect(github.jobRuns.get(job)).toBe(1);
});

interface Holders {
  rounds: number;
  /** Ends it: the command lines of all that had a token in argument or environment, and what such a process had started. */
  end: () => Promise<{ readonly seen: ReadonlySet<string>; readonly children: ReadonlySet<string> }>;
}

/** Looks at all processes as often as it can. */
function holders(tokens: ReadonlySet<string>): Holders {
  const [seen, children] = [new Set<string>(), new Set<string>()];
  const going = new AbortController();
  const watching: Holders = { rounds: 0, end };
  const done = (async () => {
    while (!going.signal.aborted) {
      round();
      watching.rounds += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  function round(): void {
    const holding = new Set<string>();
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
    for (const pid of pids) {
      const command = read(`/proc/${pid}/cmdline`);
      const [inArguments, inEnvironment] = [command, read(`/proc/${pid}/environ`)].map((text) =>
        [...tokens].some((token) => text.includes(token)),
      );
      if (inArguments === true) seen.add(`argument: ${command.toString().replaceAll('\0', ' ')}`);
      if (inEnvironment === true) seen.add(command.toString().replaceAll('\0', ' '));
      if (inEnvironment === true) holding.add(pid);
    }
    for (const pid of pids)
      if (holding.has(parentOf(pid)))
        children.add(read(`/proc/${pid}/cmdline`).toString().replaceAll('\0', ' '));
  }
  async function end(): Promise<Awaited<ReturnType<Holders['end']>>> {
    going.abort();
    await done;
    return { seen, children };
  }
  return watching;
}

function parentOf(pid: string): string {
  return /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`).toString())?.[1] ?? '';
}
