/** The account's token, registration tokens and what agents sign in with: looked for everywhere while jobs run. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { marked } from '../support/processes.ts';
import { atWork, runnerThat, Sign } from './agents.ts';
import { GitHubSite } from './site.ts';

let site: GitHubSite;
afterEach(async () => {
  expect(site.github.violations).toEqual([]);
  await site.dispose();
});

const labels = ['self-hosted', 'linux'];
/** A registration has its own credential in its own folder, for its own life (0600 in a folder of 0700). */
const ownFile = /^runners\/[^/]+\/agent\/\.(runner|credentials|credentials_rsaparams)$/;

it('are in no argument, environment, log, answer or file but where they belong, from the sign-in to the end', async () => {
  site = await GitHubSite.open();
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
  expect(secretsNow().length).toBeGreaterThan(4);
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
  for (const secret of secretsEver)
    for (const text of [...answers, running.stdout, running.stderr])
      if (text.includes(secret)) found.add(`an answer holds ${secret}`);
  expect([...found]).toEqual([]);
  expect(watching.rounds).toBeGreaterThan(5);
});

const secretsEver = new Set<string>();

/** All that GitHub has given out so far. */
function secretsNow(): string[] {
  const { world } = site.github;
  const all = [
    site.token,
    ...[...world.runners.values()].map(({ clientId }) => clientId),
    ...world.registrationTokens.keys(),
  ];
  for (const secret of all) secretsEver.add(secret);
  return [...secretsEver];
}

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
  const secrets = secretsNow();
  const note = (where: string, text: Buffer): void => {
    for (const secret of secrets)
      if (text.includes(secret) || text.includes(Buffer.from(secret).toString('base64')))
        found.add(`${where} holds ${secret}`);
  };
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    note(`an argument of ${entry}`, read(`/proc/${entry}/cmdline`));
  for (const { pid, command } of marked(site.home.path))
    note(`the environment of ${command}`, read(`/proc/${pid}/environ`));
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
