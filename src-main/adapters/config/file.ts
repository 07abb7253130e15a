/** config.json: read field by field, written whole or not at all, never overwritten where that would lose something. */
import { copyFileSync, existsSync, type FSWatcher, realpathSync, renameSync, watch } from 'node:fs';
import path from 'node:path';
import type { Arch } from '../../contract/job.ts';
import type { Problem } from '../../contract/problem.ts';
import { type Config, defaultConfig, serializeConfig } from '../../core/config/schema.ts';
import { type Found, find, refuse, unwritable } from './found.ts';
import { cannotWrite, denied, notJson, setAside } from './sentences.ts';
import { freeName, writeWhole } from './whole.ts';

export interface ConfigReading {
  readonly config: Config;
  readonly problems: readonly Problem[];
  /** A newer version wrote it, or it may not be read: it is not written. */
  readonly readOnly: boolean;
}

export interface ConfigFile {
  /** The absolute path. */
  readonly file: string;
  /**
   * Never throws: what cannot be used is answered by defaults and problems. A file that is not JSON is kept beside
   * when it is the first that is read; later it may be half of a change by hand, so it stays, and what was read last
   * goes on.
   */
  read(): ConfigReading;
  /** Durable when it returns; throws a Problem where it cannot be written or must not be. */
  write(config: Config): void;
  /** As `write`, with a copy kept of what stood there, whatever it was; where, null where there was nothing. */
  replace(config: Config): string | null;
  /** Why it cannot be written now; null where it can. */
  unwritable(): Problem | null;
  /** Calls `fn` after a change by hand; returns the end of it. */
  watch(fn: () => void): () => void;
}

export interface ConfigFileOptions {
  readonly path: string;
  readonly arch: Arch;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

export function configFile(options: ConfigFileOptions): ConfigFile {
  return new OneFile(options);
}

class OneFile implements ConfigFile {
  readonly file: string;
  readonly #arch: Arch;
  readonly #now: () => number;
  /** The last one that could be read. */
  #good: ConfigReading | null = null;
  /** What stood in the file when it was last read or written; null: there was none. */
  #seen: string | null = null;
  /** What the watchers know of; reading alone tells them nothing. */
  readonly #known: Known = { text: null };
  /** Told until there is a configuration again. */
  #aside: Problem | null = null;

  constructor({ path: file, arch, now }: ConfigFileOptions) {
    this.file = file;
    this.#arch = arch;
    this.#now = now;
  }

  read(): ConfigReading {
    const found = find(this.file, this.#arch);
    this.#seen = found.text;
    if (found.kind === 'none') return this.#readNothing();
    if (found.kind === 'broken') return this.#readBroken();
    if (found.kind === 'denied')
      return { config: this.#good?.config ?? defaultConfig, problems: [found.problem], readOnly: true };
    this.#aside = null;
    const { config, problems, readOnly } = found.parsed;
    this.#good = { config, problems, readOnly };
    return this.#good;
  }

  #readNothing(): ConfigReading {
    const problems = this.#aside === null ? [] : [this.#aside];
    return { config: defaultConfig, problems, readOnly: false };
  }

  #readBroken(): ConfigReading {
    if (this.#good !== null) return { ...this.#good, problems: [notJson(this.file), ...this.#good.problems] };
    try {
      this.#keepAside();
    } catch (thrown) {
      return { config: defaultConfig, problems: [denied(this.file, thrown)], readOnly: true };
    }
    return this.#readNothing();
  }

  #keepAside(): string {
    const kept = freeName(`${this.file}.unreadable-${stamp(this.#now())}`);
    renameSync(this.file, kept);
    this.#aside = setAside(this.file, kept);
    this.#seen = null;
    return kept;
  }

  write(config: Config): void {
    this.#put(config, false);
  }

  replace(config: Config): string | null {
    return this.#put(config, true);
  }

  /** Keeps a copy of what would be lost, or with `whole` of all that is there, and writes. */
  #put(config: Config, whole: boolean): string | null {
    const { file } = this;
    const found = find(file, this.#arch);
    refuse(found);
    const text = `${JSON.stringify(serializeConfig(config), null, 2)}\n`;
    let kept: string | null = null;
    try {
      if (found.kind === 'broken') kept = this.#keepAside();
      // A change by hand that nobody has read yet is not what the writer meant to replace.
      const unread = this.#seen !== null && this.#seen !== found.text;
      if (found.kind === 'good') kept = keepOld(file, found, whole || unread, this.#now());
      writeWhole(existsSync(file) ? realpathSync(file) : file, text);
    } catch (thrown) {
      throw cannotWrite(file, thrown);
    }
    this.#aside = null;
    this.#seen = text;
    this.#known.text = text;
    this.#good = { config, problems: [], readOnly: false };
    return kept;
  }

  unwritable(): Problem | null {
    return unwritable(this.file, this.#arch);
  }

  watch(fn: () => void): () => void {
    return watchText(this.file, () => find(this.file, this.#arch).text, this.#known, fn);
  }
}

interface Known {
  text: string | null;
}

/** Tells of a text that the watchers do not know yet, whoever wrote it and whoever has read it meanwhile. */
function watchText(file: string, textNow: () => string | null, known: Known, fn: () => void): () => void {
  known.text = textNow();
  return watchFile(file, () => {
    const text = textNow();
    if (text === known.text) return;
    known.text = text;
    fn();
  });
}

/** A copy of what writing would lose: an older version, values that are not valid, and with `whole` anything. */
function keepOld(file: string, found: Found & { kind: 'good' }, whole: boolean, at: number): string | null {
  const { version, lossy, config } = found.parsed;
  if (version < config.version) copyFileSync(file, freeName(file.replace(/(\.json)?$/, `.v${version}$1`)));
  if (!lossy && !whole) return null;
  const copy = freeName(`${file}.before-${stamp(at)}`);
  copyFileSync(file, copy);
  return copy;
}

/** "20261124T101112Z": the time as names of files can hold it. */
function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

/** Editors write in several steps: one change is told, this long after the last of them. */
const settleMs = 200;

/**
 * The folder is watched, as the file itself is replaced by each writing. Where the system has no watch left, a change
 * is seen at the next start.
 */
function watchFile(file: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const onChange = (_event: string, name: string | null): void => {
    if (name !== null && name !== path.basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, settleMs);
    timer.unref();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(path.dirname(file), { persistent: false }, onChange);
    watcher.on('error', () => undefined);
  } catch {
    watcher = undefined;
  }
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}
