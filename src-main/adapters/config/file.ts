/** config.json: read field by field, written whole or not at all, never overwritten where that would lose something. */
import {
  copyFileSync,
  existsSync,
  type FSWatcher,
  readFileSync,
  realpathSync,
  renameSync,
  watch,
} from 'node:fs';
import path from 'node:path';
import type { Arch } from '../../contract/job.ts';
import { type Problem, ProblemError } from '../../contract/problem.ts';
import {
  type Config,
  defaultConfig,
  parseConfig,
  type ParsedConfig,
  serializeConfig,
} from '../../core/config/schema.ts';
import { cannotWrite, codeOf, denied, notJson, setAside } from './sentences.ts';
import { freeName, writeWhole } from './whole.ts';

export interface ConfigReading {
  readonly config: Config;
  readonly problems: readonly Problem[];
  /** A newer version wrote it, or it may not be read: it is not written. */
  readonly readOnly: boolean;
}

export interface ConfigFile {
  /**
   * Never throws: what cannot be used is answered by defaults and problems. A file that is not JSON is kept beside
   * when it is the first that is read; later it may be half of a change by hand, so it stays, and what was read last
   * goes on.
   */
  read(): ConfigReading;
  /** Durable when it returns; throws a Problem where it cannot be written or must not be. */
  write(config: Config): void;
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
  const { path: file, arch, now } = options;
  /** The last one that could be read. */
  let good: ConfigReading | null = null;
  /** What stood in the file when it was last read or written; null: there was none. */
  let seen: string | null = null;
  /** What the watchers know of; reading alone tells them nothing. */
  const known: Known = { text: null };
  /** Told until there is a configuration again. */
  let aside: Problem | null = null;

  const keepAside = (): void => {
    const kept = freeName(`${file}.unreadable-${stamp(now())}`);
    renameSync(file, kept);
    aside = setAside(file, kept);
    seen = null;
  };

  const readBroken = (): ConfigReading => {
    if (good !== null) return { ...good, problems: [notJson(file), ...good.problems] };
    try {
      keepAside();
    } catch (thrown) {
      return { config: defaultConfig, problems: [denied(file, thrown)], readOnly: true };
    }
    return readNothing();
  };

  const readNothing = (): ConfigReading => ({
    config: defaultConfig,
    problems: aside === null ? [] : [aside],
    readOnly: false,
  });

  const read = (): ConfigReading => {
    const found = find(file, arch);
    seen = found.text;
    if (found.kind === 'none') return readNothing();
    if (found.kind === 'broken') return readBroken();
    if (found.kind === 'denied')
      return { config: good?.config ?? defaultConfig, problems: [found.problem], readOnly: true };
    aside = null;
    const { config, problems, readOnly } = found.parsed;
    good = { config, problems, readOnly };
    return good;
  };

  const write = (config: Config): void => {
    const found = find(file, arch);
    refuse(found);
    const text = `${JSON.stringify(serializeConfig(config), null, 2)}\n`;
    try {
      if (found.kind === 'broken') keepAside();
      if (found.kind === 'good') keepOld(file, found, seen, now());
      writeWhole(existsSync(file) ? realpathSync(file) : file, text);
    } catch (thrown) {
      throw cannotWrite(file, thrown);
    }
    aside = null;
    seen = text;
    known.text = text;
    good = { config, problems: [], readOnly: false };
  };

  return { read, write, watch: (fn) => watchText(file, () => find(file, arch).text, known, fn) };
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

/** What is there: nothing, something that may not be read, something that is no configuration, or one. */
type Found =
  | { readonly kind: 'none'; readonly text: null }
  | { readonly kind: 'denied'; readonly text: null; readonly problem: Problem }
  | { readonly kind: 'broken'; readonly text: string }
  | { readonly kind: 'good'; readonly text: string; readonly parsed: ParsedConfig };

function find(file: string, arch: Arch): Found {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return { kind: 'none', text: null };
    return { kind: 'denied', text: null, problem: denied(file, thrown) };
  }
  const raw = json(text);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { kind: 'broken', text };
  return { kind: 'good', text, parsed: parseConfig(raw, { arch }) };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Throws where the file must not be written. */
function refuse(found: Found): void {
  if (found.kind === 'denied') throw new ProblemError(found.problem);
  const newer =
    found.kind === 'good' ? found.parsed.problems.find((p) => p.code === 'config-newer') : undefined;
  if (newer !== undefined) throw new ProblemError(newer);
}

/** A copy of what writing would lose: an older version, values that are not valid, a change by hand not yet read. */
function keepOld(file: string, found: Found & { kind: 'good' }, seen: string | null, at: number): void {
  const { version, lossy, config } = found.parsed;
  if (version < config.version) copyFileSync(file, freeName(file.replace(/(\.json)?$/, `.v${version}$1`)));
  if (lossy || (seen !== null && seen !== found.text))
    copyFileSync(file, freeName(`${file}.before-${stamp(at)}`));
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
