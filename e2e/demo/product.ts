/** The built product in a home of its own, headless. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { GitHubDouble } from '../support/github/double.ts';
import { until } from '../support/until.ts';

const program = path.resolve('dist/cli.cjs');
const pools = [
  { id: 'ann', name: 'All of ann', scope: 'ann/*', mode: 'auto', max: 4, idleTimeoutSeconds: 10 },
  { id: 'acme', name: 'The organisation acme', scope: 'acme', mode: 'ephemeral', min: 1, max: 2 },
];

export class Product {
  readonly #home: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #say: (sentence: string) => void;
  #child: ChildProcess | null = null;

  constructor(dir: string, { url, apiUrl }: GitHubDouble, token: string, say: (sentence: string) => void) {
    this.#home = path.join(dir, 'home');
    this.#say = say;
    mkdirSync(this.#home, { mode: 0o700 });
    // As a service gets it: a file that is named by a variable, and no secret in the variable itself.
    const secret = path.join(dir, 'token');
    writeFileSync(secret, `${token}\n`, { mode: 0o600 });
    const account = { id: 'ann', forge: 'github', kind: 'token', login: 'ann', url, apiUrl, app: null };
    const small = { forge: 'github', account: 'ann', cores: 0.2, memoryMiB: 256 };
    const config = { version: 1, accounts: [account], pools: pools.map((pool) => ({ ...small, ...pool })) };
    writeFileSync(path.join(this.#home, 'config.json'), JSON.stringify(config, null, 2));
    const { PATH, HOME, USER, LANG } = process.env;
    this.#env = { PATH, HOME, USER, LANG, HOMERUNNER_HOME: this.#home, HOMERUNNER_ACCOUNT_ANN_FILE: secret };
  }

  /** As a person would type it elsewhere. */
  command(args: string): string {
    return `HOMERUNNER_HOME=${this.#home} node ${program} ${args}`;
  }

  async start(): Promise<void> {
    // Not of our process group: Ctrl-C is ours, and is passed on once.
    const child = spawn(process.execPath, [program, 'run'], {
      ...{ env: this.#env, cwd: this.#home, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    this.#child = child;
    process.once('exit', () => child.kill('SIGKILL'));
    let ready = false;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        ready ||= text.includes('homerunner ready');
        for (const line of text.split('\n').filter(Boolean)) this.#say(`    homerunner: ${line}`);
      });
    await until(() => {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`);
      return ready;
    }, 'Homerunner is ready');
  }

  /** What a command answers, shown as typed. */
  async show(...args: readonly string[]): Promise<void> {
    this.#say(`  $ homerunner ${args.join(' ')}`);
    const asking = promisify(execFile)(process.execPath, [program, ...args], { env: this.#env });
    const { stdout } = await asking.catch((error: unknown) => error as { readonly stdout: string });
    for (const line of stdout.trimEnd().split('\n')) this.#say(`    ${line}`);
  }

  /** Drains and ends. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  }
}
