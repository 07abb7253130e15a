/** The eyes of the chaos with GitHub that look for secrets: each place is given one that must be seen, and some must not. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Issued } from '../chaos/github/issued.ts';
import { SecretWatch } from '../chaos/github/secrets.ts';
import { type GitHubDouble, startGitHubDouble } from '../support/github/double.ts';
import { agentFiles, registrationToken } from '../support/github/registration.ts';
import { remove } from '../support/remove.ts';
import { until } from '../support/until.ts';

let github: GitHubDouble;
let dir: string;
let home: string;
let issued: Issued;
let watch: SecretWatch;
/** The secrets of one runner and of one account, as GitHub gave them out. */
let secrets: Record<'configuration' | 'credentials' | 'key' | 'registration' | 'account', string>;
const children: ChildProcess[] = [];

beforeEach(async () => {
  issued = new Issued();
  github = await startGitHubDouble({ issued: (kind, secret) => issued.add(kind, secret) });
  github.addUser('ann');
  github.addRepository('ann/tools');
  const account = github.addToken({ login: 'ann', scopes: ['repo'] });
  issued.add("account's token", account);
  const runner = github.plantRunner({ scope: 'ann/tools', name: 'hr-1-person-a' });
  const files = agentFiles(github.world, runner, {});
  const configuration = Buffer.from(JSON.stringify(files)).toString('base64');
  issued.add('JIT configuration', configuration);
  const textOf = (name: string) => Buffer.from(files[name] ?? '', 'base64').toString();
  secrets = {
    configuration,
    credentials: textOf('.credentials'),
    key: textOf('.credentials_rsaparams'),
    registration: registrationToken(github.world, 'ann/tools', 'register').token,
    account,
  };
  dir = mkdtempSync(path.join(tmpdir(), 'hr-eyes-'));
  home = path.join(dir, 'hr-home-1');
  for (const folder of ['tmp', 'secret', 'hr-home-1/logs', 'hr-home-1/jobs/gh-1', 'hr-home-1/runners'])
    mkdirSync(path.join(dir, folder), { recursive: true, mode: 0o700 });
  watch = new SecretWatch({ dir, home: { path: home }, issued });
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await github.close();
  await remove(dir);
});

function found(): string[] {
  watch.look(true);
  return [...watch.found].sort();
}

/** Of one number of the private key some of its middle, and its end without what only fills it up. */
const partOfKey = (): string => numberOfKey().slice(6, 38);
const endOfKey = (): string => numberOfKey().replace(/=+$/, '').slice(-16);

function numberOfKey(): string {
  const { d = '' } = JSON.parse(secrets.key) as { d?: string };
  expect(d).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  return d;
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const stdio = ['pipe', 'ignore', 'ignore'] as const;
  const child = spawn('/bin/sh', ['-c', 'read -r line', ...args], {
    env: { ...env },
    cwd: '/',
    stdio: [...stdio],
  });
  children.push(child);
  return child;
}

/** A script whose interpreter is called like GitHub's agent, and that goes on until it is killed. */
function agent(folder: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const bin = path.join(home, 'runners', folder, 'agent', 'bin');
  mkdirSync(bin, { recursive: true, mode: 0o700 });
  const program = path.join(bin, 'Runner.Listener');
  writeFileSync(program, `#!${process.execPath}\nsetInterval(() => {}, 1000);\n`, { mode: 0o700 });
  const child = spawn(program, args, { env: { ...env }, cwd: '/', stdio: 'ignore' });
  children.push(child);
  return child;
}

/** Looks at processes until something is seen. */
const seen = (what: RegExp) =>
  until(
    () => {
      watch.look(false);
      return [...watch.found].some((sentence) => what.test(sentence));
    },
    `${what} is told`,
    5000,
  );

const kinds = [
  ['JIT configuration', () => secrets.configuration],
  ["agent's credential", () => partOfKey()],
  ["agent's credential", () => endOfKey()],
  ["agent's credential", () => secrets.credentials],
  ['registration token', () => secrets.registration],
  ["account's token", () => secrets.account],
] as const;

describe('processes', () => {
  it.each(kinds)('a %s in arguments and in variables is seen', async (kind, secret) => {
    start([`--with=${secret()}`], { HOME: dir });
    await seen(new RegExp(`^A ${kind} is in the arguments of /bin/sh`));
    start([], { HOME: dir, WITH: secret() });
    await seen(new RegExp(`^A ${kind} is in the environment of /bin/sh`));
  });

  it('a secret of ours is seen where nothing else tells whose process it is', async () => {
    start([], { TOKEN: secrets.account });
    await seen(/^A account's token is in the environment/);
  });

  it('one that another program with the same arguments takes the place of is looked at anew', async () => {
    const again =
      'test -n "$LINE" || { read -r LINE; export LINE; exec "$0" -c "$1" "$0" "$1"; }; read -r rest';
    const child = spawn('/bin/sh', ['-c', again, '/bin/sh', again], {
      env: { HOME: dir },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    children.push(child);
    await until(() => {
      watch.look(false);
      return watch.processes > 0;
    }, 'it is looked at');
    expect([...watch.found]).toEqual([]);
    child.stdin.write(`${secrets.account}\n`);
    await seen(/^A account's token is in the environment/);
  });

  it('an agent that is configured is told its registration token in its environment, and nobody else is', async () => {
    agent('hr-1-a', ['configure', '--unattended'], { HOME: dir, T: secrets.registration });
    await until(() => {
      watch.look(false);
      return watch.processes > 0;
    }, 'it is looked at');
    expect([...watch.found]).toEqual([]);
    agent('hr-1-a', ['configure', '--token', secrets.registration], { HOME: dir });
    await seen(/^A registration token is in the arguments of/);
    agent('hr-1-b', ['run'], { HOME: dir, T: secrets.registration });
    await seen(/^A registration token is in the environment of \S+ \S+hr-1-b\S+ run/);
    const configuring = path.join(home, 'runners', 'hr-1-a', 'agent', 'bin', 'Runner.Listener configure');
    start([configuring], { HOME: dir, T: secrets.registration });
    await seen(/^A registration token is in the environment of \/bin\/sh/);
  });

  it('without a secret tell nothing', async () => {
    start(['--with=nothing'], { HOME: dir, WITH: 'eyJub3RoaW5nIjoxfQ0000000000000000000000' });
    await until(() => {
      watch.look(false);
      return watch.processes > 0;
    }, 'it is looked at');
    expect([...watch.found]).toEqual([]);
  });
});

describe('files', () => {
  it.each([
    ['the log', 'hr-home-1/logs/homerunner.log'],
    ["a job's folder", 'hr-home-1/jobs/gh-1/log'],
    ['a checkout', 'hr-home-1/runners/hr-1-a/agent/_work/tools/tools/bin/secret'],
    ['a folder of a job that is called like one of the test', 'hr-home-1/jobs/gh-1/secret/archives'],
    ["the agent's own log", 'hr-home-1/runners/hr-1-a/agent/_diag/Runner_1.log'],
    ['the database', 'hr-home-1/state.db'],
    ['its write-ahead log', 'hr-home-1/state.db-wal'],
    ['a temporary file', 'tmp/askpass-1'],
    ['what the supervisor said', 'supervisor.log'],
    ['the settings of an agent', 'hr-home-1/runners/hr-1-a/agent/.runner'],
  ])('each kind of secret in %s is seen', (_where, name) => {
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    for (const [kind, secret] of kinds) {
      writeFileSync(file, `before\n"${secret()}"\0after`, { mode: 0o600 });
      watch = new SecretWatch({ dir, home: { path: home }, issued });
      expect(found()).toEqual([`A ${kind} is in ${file}.`]);
    }
  });

  it("an agent's own credential lies in its folder, for nobody else to read; no other secret does", () => {
    const folder = path.join(home, 'runners', 'hr-1-a');
    const file = path.join(folder, 'agent', '.credentials_rsaparams');
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, secrets.key, { mode: 0o600 });
    writeFileSync(path.join(folder, 'agent', '.credentials'), secrets.credentials, { mode: 0o600 });
    expect(found()).toEqual([]);
    for (const [each, mode] of [
      [file, 0o640],
      [file, 0o604],
      [folder, 0o711],
    ] as const) {
      chmodSync(each, mode);
      utimesSync(file, Date.now() / 1000, mode);
      watch = new SecretWatch({ dir, home: { path: home }, issued });
      expect(found()).toContain(`A agent's credential is in ${file}.`);
      chmodSync(each, each === file ? 0o600 : 0o700);
    }
    watch = new SecretWatch({ dir, home: { path: home }, issued });
    writeFileSync(file, `${secrets.key}${secrets.account}`);
    expect(found()).toEqual([`A account's token is in ${file}.`]);
    rmSync(file);
    mkdirSync(path.join(folder, 'agent', '_work', 'agent'), { recursive: true });
    const copy = path.join(folder, 'agent', '_work', 'agent', '.credentials');
    writeFileSync(copy, secrets.credentials, { mode: 0o600 });
    expect(found()).toContain(`A agent's credential is in ${copy}.`);
  });

  it('a secret in two parts of a file that grows is seen', () => {
    const file = path.join(home, 'logs', 'homerunner.log');
    const [first, second] = [secrets.account.slice(0, 10), secrets.account.slice(10)];
    writeFileSync(file, `${'a line of a log\n'.repeat(1000)}token ${first}`);
    expect(found()).toEqual([]);
    appendFileSync(file, `${second}\n`);
    expect(found()).toEqual([`A account's token is in ${file}.`]);
  });

  it.each([
    ['grew at its beginning', (rest: string) => `${secrets.account}\n${rest}\nmore`],
    ['stayed as long', (rest: string) => `${secrets.account}${rest.slice(secrets.account.length)}`],
    ['was cut', (rest: string) => `${secrets.account}${rest.slice(100)}`],
  ])('a file that was written anew and %s is read whole', (_how, anew) => {
    const file = path.join(home, 'config.json');
    const text = Array.from({ length: 500 }, (_, n) => `line ${n}\n`).join('');
    writeFileSync(file, text);
    expect(found()).toEqual([]);
    writeFileSync(file, anew(text));
    expect(found()).toEqual([`A account's token is in ${file}.`]);
  });

  it('a file in whose place another was put is read whole', () => {
    const file = path.join(home, 'budget.json');
    const text = 'the same end\n'.repeat(500);
    writeFileSync(file, text);
    expect(found()).toEqual([]);
    writeFileSync(`${file}.new`, `${secrets.account}\n${text}`);
    renameSync(`${file}.new`, file);
    expect(found()).toEqual([`A account's token is in ${file}.`]);
  });

  it('what is written in place, and what a job left long ago, is read at the end once more', async () => {
    const [database, log] = [path.join(home, 'state.db'), path.join(home, 'jobs', 'gh-1', 'log')];
    for (const file of [database, log]) writeFileSync(file, randomBytes(8192));
    utimesSync(path.dirname(log), 1, 1);
    expect(found()).toEqual([]);
    for (const file of [database, log]) appendFileSync(file, secrets.account);
    watch.end();
    await watch.watch();
    expect([...watch.found].sort()).toEqual(
      [log, database].map((file) => `A account's token is in ${file}.`),
    );
  });

  it("without a secret, and the account's own, tell nothing", () => {
    writeFileSync(path.join(home, 'logs', 'homerunner.log'), `${'eyJub3RoaW5nIjoxfQ'.repeat(100)}\n`);
    writeFileSync(path.join(dir, 'secret', 'token'), secrets.account, { mode: 0o600 });
    expect(found()).toEqual([]);
    expect(watch.files).toBe(1);
  });
});

describe('texts', () => {
  it.each(kinds)('a %s in a snapshot is seen', (kind, secret) => {
    watch.text('the snapshot', JSON.stringify({ problems: [{ message: `It said ${secret()}` }] }));
    expect([...watch.found]).toEqual([`A ${kind} is in the snapshot.`]);
  });

  it('who has looked at nothing has seen nothing, and says so', async () => {
    expect(watch.violations()).toEqual(
      ['processes', 'files', 'texts'].map((what) => `Secrets were looked for in no ${what}.`),
    );
    start([], { HOME: dir });
    writeFileSync(path.join(home, 'config.json'), '{}');
    watch.text('the snapshot', '{}');
    await until(() => {
      watch.look(true);
      return watch.processes > 0;
    }, 'it is looked at');
    expect(watch.violations()).toEqual([]);
  });
});
