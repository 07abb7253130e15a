/** Looks for secrets where they must not be, again and again while everything runs. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Site } from './site.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
/** How every JIT configuration begins, and how an agent's credential begins in one: whole groups of three bytes each. */
const jit = base64('{".runner":"').slice(0, 16);
const credential = base64('{"scheme":"OAuth","data":{"clientId":"').slice(0, 48);
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const candidates = new RegExp(`gh[ps]_[0-9a-f]{36}|${jit}|${credential}|[0-9A-F]{32}|${uuid}`, 'g');

const registration = 'A registration token';
const isConfiguring = /\/agent\/bin\/Runner\.Listener configure( |$)/;

const everyMs = 400;
/** Files are many: not each time. */
const filesEvery = 5;

export class SecretWatch {
  /** One sentence each. */
  readonly found = new Set<string>();
  looks = 0;
  readonly #site: Site;
  readonly #stop = new AbortController();
  /** What an agent signs in with; those of runners that are gone too. */
  readonly #credentials = new Set<string>();

  constructor(site: Site) {
    this.#site = site;
  }

  async watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.look();
      await sleep(everyMs);
    }
  }

  end(): void {
    this.#stop.abort();
  }

  look(): void {
    for (const { clientId } of this.#site.github.runners()) this.#credentials.add(clientId);
    this.#processes();
    if (this.looks % filesEvery === 0) this.#files(this.#site.home.path);
    this.looks += 1;
  }

  /** A text of the program's own, such as its answers. */
  text(where: string, text: string): void {
    for (const kind of this.#kinds(text)) this.found.add(`${kind} is in ${where}.`);
  }

  #kinds(text: string): Set<string> {
    const { registrationTokens } = this.#site.github.world;
    const kinds = new Set<string>();
    for (const [match] of text.matchAll(candidates)) {
      if (match === this.#site.token) kinds.add("The account's token");
      else if (match.startsWith('ghs_')) kinds.add("A job's token");
      else if (match === jit || match === credential) kinds.add('A JIT configuration');
      else if (registrationTokens.has(match)) kinds.add(registration);
      else if (this.#credentials.has(match)) kinds.add("An agent's credential");
    }
    return kinds;
  }

  #processes(): void {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (Number(pid) === process.pid) continue;
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
      const environment = read(`/proc/${pid}/environ`);
      // Another run of tests on this machine has secrets of its own.
      if (![command, environment].some((text) => text.includes(this.#site.dir))) continue;
      this.text(`the arguments of ${command.slice(0, 200)}`, command);
      const kinds = this.#kinds(environment);
      // The agent's own way to be told it: it takes it out before anything else starts.
      if (isConfiguring.test(command)) kinds.delete(registration);
      for (const kind of kinds) this.found.add(`${kind} is in the environment of ${command.slice(0, 200)}.`);
    }
  }

  #files(folder: string): void {
    for (const entry of entriesOf(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        // Programs, the same for everybody.
        if (!['agents', 'bin', 'externals'].includes(entry.name)) this.#files(file);
      } else if (entry.isFile() && !this.#mayHold(file)) this.text(file, read(file));
    }
  }

  /** A runner's own credential lies in its folder for as long as it is registered, for nobody else to read. */
  #mayHold(file: string): boolean {
    const [runners, name, agent, own, ...more] = path.relative(this.#site.home.path, file).split(path.sep);
    if (runners !== 'runners' || agent !== 'agent' || more.length > 0) return false;
    if (!/^\.(runner|credentials|credentials_rsaparams)$/.test(own ?? '')) return false;
    const folder = path.join(this.#site.home.path, 'runners', name ?? '');
    return isPrivate(folder) && isPrivate(file);
  }
}

/** For its owner alone; what has gone meanwhile is. */
function isPrivate(file: string): boolean {
  try {
    return (statSync(file).mode & 0o077) === 0;
  } catch {
    return true;
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
