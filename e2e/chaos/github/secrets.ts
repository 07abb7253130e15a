/** Looks for secrets where they must not be, again and again while everything runs. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Issued, Kind } from './issued.ts';
import { readFrom, Reads, statOf } from './reads.ts';

const everyMs = 400;
/** Files are many: not each time. */
const filesEvery = 5;
/** What is written in place is read whole, so not often. */
const wholeMs = 20_000;
/** What a job left changes no more after this. */
const settledMs = 60_000;

/** What is looked through, for what. */
export interface Watched {
  readonly dir: string;
  readonly home: { readonly path: string };
  readonly issued: Issued;
}

export class SecretWatch {
  /** One sentence each. */
  readonly found = new Set<string>();
  looks = 0;
  /** What was looked through: arguments and environments, files, and texts of the program's own. */
  processes = 0;
  files = 0;
  texts = 0;
  readonly #site: Watched;
  readonly #stop = new AbortController();
  /** With what processes were started when they were looked through. */
  readonly #known = new Map<string, string>();
  readonly #reads = new Reads();
  readonly #settled = new Set<string>();

  constructor(site: Watched) {
    this.#site = site;
  }

  async watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.look(this.looks % filesEvery === 0);
      await sleep(everyMs);
    }
    this.#reads.forget();
    this.#settled.clear();
    this.look(true);
  }

  end(): void {
    this.#stop.abort();
  }

  /** A text of the program's own, such as its answers. */
  text(where: string, text: string): void {
    this.texts += 1;
    this.#tell(where, this.#site.issued.within(text));
  }

  /** Whoever has looked at nothing has seen nothing. */
  violations(): readonly string[] {
    const { processes, files, texts } = this;
    const unseen = Object.entries({ processes, files, texts }).filter(([, count]) => count === 0);
    return [...this.found, ...unseen.map(([what]) => `Secrets were looked for in no ${what}.`)];
  }

  look(withFiles: boolean): void {
    this.looks += 1;
    this.#processes();
    if (!withFiles) return;
    this.#reads.begin();
    this.#folder(this.#site.dir);
  }

  #tell(where: string, kinds: ReadonlySet<Kind>): void {
    for (const kind of kinds) this.found.add(`A ${kind} is in ${where}.`);
  }

  #processes(): void {
    const running = new Set(readdirSync('/proc').filter((name) => /^\d+$/.test(name)));
    for (const pid of this.#known.keys()) if (!running.has(pid)) this.#known.delete(pid);
    for (const pid of running) {
      if (Number(pid) === process.pid) continue;
      const argv = readFrom(`/proc/${pid}/cmdline`, 0);
      const environment = readFrom(`/proc/${pid}/environ`, 0);
      const started = `${argv}\0${environment}`;
      // What a program was started with stays as it is, until another takes its place.
      if (this.#known.get(pid) === started) continue;
      this.#known.set(pid, started);
      this.#process(argv.split('\0'), environment);
    }
  }

  #process(argv: readonly string[], environment: string): void {
    const { dir, issued } = this.#site;
    const command = argv.join(' ');
    const isOfSite = [command, environment].some((text) => text.includes(dir));
    if (isOfSite) this.processes += 1;
    const where = command.slice(0, 200);
    const [inArguments, inEnvironment] = [issued.within(command), issued.within(environment)];
    // The agent's own way to be told it: it takes it out before anything else starts.
    if (isConfiguring(argv)) inEnvironment.delete('registration token');
    // Configurations of another run of tests on this machine begin as ours do; all else is by chance.
    if (!isOfSite) for (const kinds of [inArguments, inEnvironment]) kinds.delete('JIT configuration');
    this.#tell(`the arguments of ${where}`, inArguments);
    this.#tell(`the environment of ${where}`, inEnvironment);
  }

  #folder(folder: string): void {
    if (this.#settled.has(folder) || this.#isPassedOver(folder)) return;
    for (const entry of entriesOf(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) this.#folder(file);
      else if (entry.isFile()) this.#file(file);
    }
    const age = Date.now() - (statOf(folder)?.mtimeMs ?? Infinity);
    const isOfJob = path.dirname(folder) === path.join(this.#site.home.path, 'jobs');
    if (isOfJob && age > settledMs) this.#settled.add(folder);
  }

  /** The account's own secret; and the agent's programs, the same for everybody and copied for each runner. */
  #isPassedOver(folder: string): boolean {
    if (folder === path.join(this.#site.dir, 'secret')) return true;
    const [runners, , agent, own] = this.#partsOf(folder);
    return runners === 'runners' && agent === 'agent' && (own === 'bin' || own === 'externals');
  }

  #file(file: string): void {
    const [state = '', ...more] = this.#partsOf(file);
    const isInPlace = more.length === 0 && state.startsWith('state.db');
    const text = this.#reads.newIn(file, isInPlace ? wholeMs : null);
    if (text === null) return;
    this.files += 1;
    const kinds = this.#site.issued.within(text);
    if (this.#isCredential(file)) kinds.delete("agent's credential");
    this.#tell(file, kinds);
  }

  /** A runner's own credential lies in its folder for as long as it is registered, for nobody else to read. */
  #isCredential(file: string): boolean {
    const [runners, name = '', agent, own = '', ...more] = this.#partsOf(file);
    if (runners !== 'runners' || agent !== 'agent' || more.length > 0) return false;
    if (!/^\.credentials(_rsaparams)?$/.test(own)) return false;
    return isPrivate(path.join(this.#site.home.path, 'runners', name)) && isPrivate(file);
  }

  /** The names on the way from the home to it. */
  #partsOf(file: string): readonly string[] {
    return path.relative(this.#site.home.path, file).split(path.sep);
  }
}

/** It names its interpreter: in a later argument it is what another program is told of. */
function isConfiguring(argv: readonly string[]): boolean {
  const at = argv.slice(0, 2).findIndex((each) => each.endsWith('/agent/bin/Runner.Listener'));
  return at >= 0 && argv[at + 1] === 'configure';
}

/** For its owner alone; what has gone meanwhile is. */
function isPrivate(file: string): boolean {
  return ((statOf(file)?.mode ?? 0) & 0o077) === 0;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
