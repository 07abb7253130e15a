/** Where one run of chaos happens: a home, repositories, a ledger, and the supervisor that is killed. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolEdit } from '../../src-main/contract/pool.ts';
import { killAtExit } from '../support/at-exit.ts';
import { ask } from '../support/control.ts';
import { Home, type Running } from '../support/product.ts';
import { repository } from '../support/repository.ts';
import { changed, committed, type Folders, jobScript } from './job.ts';
import { Link } from './link.ts';

export interface Site {
  readonly dir: string;
  readonly home: Home;
  readonly folders: Folders;
  readonly link: Link;
  readonly supervisor: Supervisor;
}

/** Six runners at once, whatever the machine; every job stays in the history, so that it can be checked. */
const config = { version: 1, capacity: { slots: 6 }, history: { jobs: 100_000 } };

export function makeSite(): Site {
  const dir = mkdtempSync(path.join(tmpdir(), 'hr-chaos-'));
  const home = new Home({ under: dir });
  killAtExit(home);
  writeFileSync(path.join(home.path, 'config.json'), JSON.stringify(config));
  const folders = {
    script: path.join(dir, 'job.sh'),
    ledger: path.join(dir, 'ledger'),
    repository: repository(dir, { 'tracked.txt': `${committed}\n`, 'src/other.txt': 'other\n' }),
    plain: path.join(dir, 'plain'),
  };
  writeFileSync(folders.script, jobScript);
  writeFileSync(path.join(folders.repository, 'tracked.txt'), `${changed}\n`);
  mkdirSync(folders.plain);
  writeFileSync(path.join(folders.plain, 'file.txt'), 'content\n');
  return {
    dir,
    home,
    folders,
    link: new Link(home),
    supervisor: new Supervisor(home, path.join(dir, 'supervisor.log')),
  };
}

/** Makes these pools, with runners that count as one core. */
export async function addPools(site: Site, pools: Readonly<Record<string, PoolEdit>>): Promise<void> {
  const control = await site.link.connected();
  for (const [id, pool] of Object.entries(pools)) {
    await ask(control, 'pool.add', { id, pool: { forge: 'local', cores: 1, memoryMiB: 256, ...pool } });
  }
}

export async function removeSite(site: Site): Promise<void> {
  site.link.close();
  await site.home.dispose();
  rmSync(site.dir, { recursive: true, force: true });
}

/** Started again at once after each kill; what it said is kept beside the home. */
export class Supervisor {
  /** Milliseconds from a start to ready. */
  readonly starts: number[] = [];
  readonly #home: Home;
  readonly #log: string;
  #running: Running | null = null;

  constructor(home: Home, log: string) {
    this.#home = home;
    this.#log = log;
  }

  get running(): Running {
    if (this.#running === null) throw new Error('The supervisor has not been started.');
    return this.#running;
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const began = performance.now();
    this.#running = await this.#home.run({ env });
    this.starts.push(performance.now() - began);
  }

  async kill(): Promise<void> {
    await this.running.kill();
    this.note();
  }

  /** A start that is killed after so many milliseconds, wherever it is by then. */
  async startAndKill(milliseconds: number): Promise<void> {
    const child = this.#home.spawn(['run']);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    await sleep(milliseconds);
    child.kill('SIGKILL');
    await gone;
  }

  /** Keeps what the supervisor that has ended said. */
  note(): void {
    const { pid, stdout, stderr } = this.running;
    appendFileSync(this.#log, `--- ${pid}\n${stdout}${stderr}`);
  }
}
