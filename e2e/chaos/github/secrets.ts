/** Looks for secrets where none may be, all the time: command lines, environments, the snapshot, logs and files. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { program } from '../../support/product.ts';
import type { ChaosSite } from './site.ts';

const scanMs = 300;
/** Files are read when they have changed, this often. */
const filesEach = 10;

/** What may hold an agent's own key while it is registered, to be read by its user alone. */
const ownFiles = new Set(['.runner', '.credentials', '.credentials_rsaparams']);

export class SecretScan {
  readonly violations = new Set<string>();
  scans = 0;
  readonly #site: ChaosSite;
  readonly #read = new Map<string, string>();
  /** Texts of configurations and of the keys in them, from how many of the double's list. */
  readonly #known = new Set<string>();
  #seen = 0;

  constructor(site: ChaosSite) {
    this.#site = site;
  }

  async watch(stopped: { readonly yet: boolean }): Promise<void> {
    while (!stopped.yet) {
      this.#learn();
      this.#processes();
      if (this.scans % filesEach === 0) {
        this.#folder(this.#site.home.path);
        const text = JSON.stringify(await this.#site.home.status().catch(() => null));
        this.#look(text, 'the snapshot');
      }
      this.scans += 1;
      await sleep(scanMs);
    }
    this.#learn();
    this.#folder(this.#site.dir);
  }

  #learn(): void {
    const { configurations } = this.#site.github.world;
    for (const text of configurations.slice(this.#seen)) {
      this.#known.add(text.replace(/=+$/, ''));
      const files = JSON.parse(Buffer.from(text, 'base64').toString()) as Record<string, string>;
      const key = JSON.parse(Buffer.from(files['.credentials_rsaparams'] ?? '', 'base64').toString()) as {
        readonly d: string;
      };
      this.#known.add(key.d.replace(/=+$/, ''));
    }
    this.#seen = configurations.length;
  }

  #tokens(): string[] {
    const { tokens, registrationTokens } = this.#site.github.world;
    return [...tokens.keys(), ...registrationTokens.keys()];
  }

  #processes(): void {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const command = text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
      this.#look(command, `the command line of ${command.slice(0, 60)}`);
      // The supervisor was given the token that way; an agent that configures itself takes its own out again.
      if (command.includes(program) || command.includes('Runner.Listener configure')) continue;
      const environment = text(`/proc/${pid}/environ`);
      if (environment.includes(this.#site.home.path))
        this.#look(environment, `the environment of ${command}`);
    }
  }

  #folder(folder: string): void {
    for (const entry of entries(folder)) {
      const at = path.join(folder, entry.name);
      if (entry.isDirectory()) this.#folder(at);
      else if (entry.isFile()) this.#file(at, entry.name);
    }
  }

  #file(file: string, name: string): void {
    const found = stat(file);
    const version = `${found?.size} ${found?.mtimeMs}`;
    if (found === null || this.#read.get(file) === version) return;
    this.#read.set(file, version);
    if (!ownFiles.has(name)) return this.#look(text(file), `the file ${file}`);
    if ((found.mode & 0o077) !== 0) this.violations.add(`Others may read ${file}.`);
  }

  #look(where: string, what: string): void {
    for (const token of this.#tokens())
      if (where.includes(token)) this.violations.add(`A token stands in ${what}.`);
    for (const [word] of where.matchAll(/[A-Za-z0-9+/]{40,}/g))
      if (this.#known.has(word)) this.violations.add(`A runner's configuration or key stands in ${what}.`);
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // It has ended, or gone.
    return '';
  }
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function stat(file: string) {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}
