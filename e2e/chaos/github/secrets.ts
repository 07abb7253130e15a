/** Looks for secrets where they must not be, again and again while everything runs. */
import { closeSync, openSync, readdirSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Issued } from './issued.ts';
import type { Site } from './site.ts';

const isConfiguring = /\/agent\/bin\/Runner\.Listener configure( |$)/;

const everyMs = 400;
/** Files are many: not each time. */
const filesEvery = 5;
/** What is written in place is read whole, so not often. */
const wholeMs = 20_000;
/** What a job left changes no more after this. */
const settledMs = 60_000;
/** A secret may have been written in two parts. */
const overlap = 2048;

interface Read {
  readonly size: number;
  readonly changedAt: number;
  readonly readAt: number;
}

export class SecretWatch {
  /** One sentence each. */
  readonly found = new Set<string>();
  looks = 0;
  /** What was looked through: arguments and environments, and files. */
  processes = 0;
  files = 0;
  readonly #site: Site;
  readonly #issued: Issued;
  readonly #stop = new AbortController();
  /** What processes were called when their environment was read. */
  readonly #known = new Map<string, string>();
  #read = new Map<string, Read>();
  readonly #settled = new Set<string>();

  constructor(site: Site) {
    this.#site = site;
    this.#issued = site.issued;
  }

  async watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#look(this.looks % filesEvery === 0);
      await sleep(everyMs);
    }
    this.#read.clear();
    this.#settled.clear();
    this.#look(true);
  }

  end(): void {
    this.#stop.abort();
  }

  /** A text of the program's own, such as its answers. */
  text(where: string, text: string): void {
    for (const kind of this.#issued.within(text)) this.found.add(`A ${kind} is in ${where}.`);
  }

  #look(withFiles: boolean): void {
    this.looks += 1;
    this.#processes();
    if (!withFiles) return;
    const before = this.#read;
    this.#read = new Map();
    this.#folder(this.#site.dir, before);
  }

  #processes(): void {
    const running = new Set(readdirSync('/proc').filter((name) => /^\d+$/.test(name)));
    for (const pid of this.#known.keys()) if (!running.has(pid)) this.#known.delete(pid);
    for (const pid of running) {
      if (Number(pid) === process.pid) continue;
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
      // What a program was started with stays as it is, until another takes its place.
      if (this.#known.get(pid) === command) continue;
      const environment = read(`/proc/${pid}/environ`);
      this.#known.set(pid, command);
      // Another run of tests on this machine has secrets of its own.
      if (![command, environment].some((text) => text.includes(this.#site.dir))) continue;
      this.processes += 1;
      this.text(`the arguments of ${command.slice(0, 200)}`, command);
      const kinds = this.#issued.within(environment);
      // The agent's own way to be told it: it takes it out before anything else starts.
      if (isConfiguring.test(command)) kinds.delete('registration token');
      for (const kind of kinds)
        this.found.add(`A ${kind} is in the environment of ${command.slice(0, 200)}.`);
    }
  }

  #folder(folder: string, before: ReadonlyMap<string, Read>): void {
    if (this.#settled.has(folder)) return;
    for (const entry of entriesOf(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        // Programs, the same for everybody, and the account's own secret.
        if (!['archives', 'agents', 'bin', 'externals', 'secret'].includes(entry.name))
          this.#folder(file, before);
      } else if (entry.isFile() && !this.#mayHold(file)) this.#file(file, before.get(file));
    }
    const age = Date.now() - (statOf(folder)?.mtimeMs ?? Infinity);
    if (path.basename(path.dirname(folder)) === 'jobs' && age > settledMs) this.#settled.add(folder);
  }

  /** Reads what is new in it. */
  #file(file: string, before: Read | undefined): void {
    const stat = statOf(file);
    if (stat === null) return;
    const { size, mtimeMs: changedAt } = stat;
    const isUnchanged = before?.size === size && before.changedAt === changedAt;
    const isInPlace = path.basename(file).startsWith('state.db');
    if (before !== undefined && (isUnchanged || (isInPlace && Date.now() - before.readAt < wholeMs))) {
      this.#read.set(file, before);
      return;
    }
    const from = isInPlace || before === undefined || before.size > size ? 0 : before.size - overlap;
    this.#read.set(file, { size, changedAt, readAt: Date.now() });
    this.files += 1;
    this.text(file, readFrom(file, Math.max(0, from)));
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
  return ((statOf(file)?.mode ?? 0) & 0o077) === 0;
}

function statOf(file: string): Stats | null {
  return statSync(file, { throwIfNoEntry: false }) ?? null;
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

/** What stands in it from a place on. */
function readFrom(file: string, from: number): string {
  if (from === 0) return read(file);
  let descriptor = -1;
  try {
    descriptor = openSync(file, 'r');
    const buffer = Buffer.alloc(Math.max(0, (statOf(file)?.size ?? 0) - from));
    return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, from));
  } catch {
    return '';
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}
