/** The folders of unpacked versions: HOME/agents/<agent>/<version>-<os>-<arch>/{ release.json, files/, spare/ }. */
import { lstat, readdir, readFile, rename, rm, utimes, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentRelease } from './release.ts';

/** Marks a folder as ours and complete: it is written before the folder gets its name. */
export const markerFile = 'release.json';
export const filesFolder = 'files';
export const spareFolder = 'spare';

/** What has this in its name is being made; after a crash it is nobody's. */
export const unfinished = '.unfinished-';
export const partial = '.partial-';
/** A download that nobody has gone on with for so long is thrown away, in milliseconds. */
const partialMs = 7 * 24 * 3_600_000;

/** How much a version is, by which a whole folder is told from a damaged one. */
export interface Extent {
  readonly files: number;
  readonly bytes: number;
}

export interface Version {
  readonly release: AgentRelease & { readonly sha256: string };
  readonly extent: Extent;
}

export interface KeptVersion extends Version {
  readonly folder: string;
  /** When it was last taken, wall-clock milliseconds. */
  readonly usedAt: number;
}

/** Null where no complete version of ours lies. */
export async function readVersion(folder: string): Promise<KeptVersion | null> {
  const file = join(folder, markerFile);
  try {
    const { release, extent } = JSON.parse(await readFile(file, 'utf8')) as Version;
    if (typeof release.version !== 'string' || typeof extent.files !== 'number') return null;
    return { release, extent, folder, usedAt: (await stat(file)).mtimeMs };
  } catch {
    return null;
  }
}

/** Versions of one agent, the last used first. */
export async function keptVersions(agentFolder: string): Promise<KeptVersion[]> {
  const names = await readdir(agentFolder).catch((): string[] => []);
  const found = await Promise.all(names.map((name) => readVersion(join(agentFolder, name))));
  return found.filter((version) => version !== null).sort((a, b) => b.usedAt - a.usedAt);
}

export async function markUsed(folder: string, at: number): Promise<void> {
  await utimes(join(folder, markerFile), at / 1000, at / 1000).catch(() => undefined);
}

/** Does the folder hold as many files and bytes as were unpacked? After a loss of power files may be empty. */
export async function isWhole(folder: string, extent: Extent): Promise<boolean> {
  const found = await extentOf(folder).catch(() => null);
  return found?.files === extent.files && found.bytes === extent.bytes;
}

export async function extentOf(folder: string): Promise<Extent> {
  let [files, bytes] = [0, 0];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const inside = entry.isDirectory() ? await extentOf(path) : null;
    files += inside?.files ?? (entry.isFile() ? 1 : 0);
    bytes += inside?.bytes ?? (entry.isFile() ? (await lstat(path)).size : 0);
  }
  return { files, bytes };
}

/** Removes what a crash left half made, and downloads that nobody went on with. */
export async function tidyUnfinished(agentFolder: string, now: number): Promise<void> {
  for (const name of await readdir(agentFolder).catch((): string[] => [])) {
    const path = join(agentFolder, name);
    const old = async () => now - ((await stat(path).catch(() => null))?.mtimeMs ?? 0) > partialMs;
    if (name.startsWith(unfinished) || (name.startsWith(partial) && (await old()))) await removeAll(path);
  }
}

export async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
}

/** Milliseconds between tries to give a folder its name. */
const moveWaits = [50, 100, 200, 400, 800];

/**
 * Gives a folder that was just made its name. On Windows a scanner may hold a new program, and with it the folder, for a
 * moment.
 */
export async function moveFolder(
  from: string,
  to: string,
  {
    move = rename,
    waits = moveWaits,
  }: { readonly move?: typeof rename; readonly waits?: readonly number[] } = {},
): Promise<void> {
  for (const wait of waits) {
    try {
      await move(from, to);
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
      await sleep(wait);
    }
  }
  await move(from, to);
}
