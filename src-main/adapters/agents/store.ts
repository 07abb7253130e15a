/** Agents as their forges ship them: downloaded once, verified, unpacked once, and a copy of its own for each runner. */
import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../contract/problem.ts';
import type { Work } from '../../contract/snapshot.ts';
import type { Log } from '../../core/ports.ts';
import { download } from './download.ts';
import { Instances } from './instances.ts';
import { type AgentRelease, checked, folderName, isZip, titleOf } from './release.ts';
import { agentLimits, type UnpackLimits, unpackTar } from './unpack.ts';
import { unpackZip } from './unzip.ts';
import * as versions from './versions.ts';

export interface AgentStoreOptions {
  /** HOME/agents; made when absent. One supervisor alone works in it. */
  readonly root: string;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  /** Default: Node's, which asks no proxy. */
  readonly fetch?: typeof globalThis.fetch;
  readonly limits?: UnpackLimits;
  /** Free bytes of the volume that holds a folder; null: unknown. */
  readonly free?: (folder: string) => Promise<number | null>;
  readonly waitMs?: (failures: number) => number;
}

/** No archive of an agent is larger: GitHub's has about 220 MB. */
const maxArchive = 1024 ** 3;
/** Unpacked it is three to four times as large, and a spare may be once more of it. */
const unpackedRatio = 4;
/** What is left free at least, in bytes. */
const reserve = 256 * 1_048_576;
/** The one in use and the one before it, to go back to. */
const kept = 2;

export class AgentStore {
  readonly #options: AgentStoreOptions;
  readonly #instances: Instances;
  readonly #getting = new Map<string, Promise<string>>();
  readonly #copying = new Map<string, number>();
  readonly #work = new Map<string, { view: Work; abort: AbortController }>();
  /** Folders that were found whole since this process began. */
  readonly #whole = new Set<string>();
  readonly #tidied = new Set<string>();

  constructor(options: AgentStoreOptions) {
    this.#options = options;
    this.#instances = new Instances({
      roomForSpare: async (bytes) => ((await this.#free()) ?? Infinity) > 2 * bytes + reserve,
      failed: (error) =>
        options.log.warn('No spare of the agent could be made ahead.', { error: String(error) }),
    });
  }

  /** Downloads that are under way. */
  work(): readonly Work[] {
    return [...this.#work.values()].map(({ view }) => view);
  }

  /** False: there is no such work. What was downloaded so far is kept for the next time. */
  cancel(id: string): boolean {
    const work = this.#work.get(id);
    work?.abort.abort();
    return work !== undefined;
  }

  /** The versions of `agent` that lie here, the last used first. */
  async kept(agent: string): Promise<readonly AgentRelease[]> {
    return (await versions.keptVersions(join(this.#options.root, agent))).map(({ release }) => release);
  }

  /**
   * The folder of this version, downloaded and unpacked if need be; however many ask, it is done once. Throws
   * `checksum-missing`, `checksum-mismatch`, `refused-by-policy` (a bad archive, cancelled), `disk-reserve`,
   * `forge-unreachable`, `not-found`, `forbidden`; nothing of what was refused stays.
   */
  have(agent: string, release: AgentRelease): Promise<string> {
    const key = `${agent}/${folderName(release)}`;
    const running = this.#getting.get(key);
    if (running !== undefined) return running;
    const mine = this.#get(agent, release).finally(() => this.#getting.delete(key));
    this.#getting.set(key, mine);
    return mine;
  }

  async #get(agent: string, release: AgentRelease): Promise<string> {
    const home = join(this.#options.root, agent);
    if (!this.#tidied.has(agent)) await versions.tidyUnfinished(home, this.#options.now());
    this.#tidied.add(agent);
    const folder = join(home, folderName(release));
    const lying = await this.#lying(folder, release);
    if (lying === null) await this.#fetchInto(agent, checked(agent, release), folder);
    await versions.markUsed(folder, this.#options.now());
    const version = lying ?? (await versions.readVersion(folder));
    if (version !== null) void this.#instances.spare(version);
    await this.#prune(home, release, folder);
    return folder;
  }

  /** The version if it lies there whole; another sum under the same name is another version. */
  async #lying(folder: string, { sha256 }: AgentRelease): Promise<versions.KeptVersion | null> {
    const version = await versions.readVersion(folder);
    if (version === null) return null;
    if (sha256 !== null && version.release.sha256 !== sha256.toLowerCase()) return null;
    if (this.#whole.has(folder)) return version;
    if (!(await versions.isWhole(join(folder, versions.filesFolder), version.extent))) return null;
    this.#whole.add(folder);
    return version;
  }

  async #fetchInto(agent: string, release: AgentRelease & { sha256: string }, folder: string): Promise<void> {
    const home = join(this.#options.root, agent);
    await mkdir(home, { recursive: true, mode: 0o700 });
    const archive = join(home, `${versions.partial}${folderName(release)}-${release.sha256.slice(0, 8)}`);
    await this.#download(agent, release, archive);
    const half = join(home, `${versions.unfinished}${folderName(release)}`);
    try {
      await this.#unpack(agent, release, archive, half);
      await this.#instances.drop(folder);
      await versions.removeAll(folder);
      await versions.moveFolder(half, folder);
      this.#whole.add(folder);
      this.#options.log.info(`${titleOf(agent, release)} is ready.`, { folder });
    } finally {
      await versions.removeAll(half);
      await versions.removeAll(archive);
    }
  }

  async #download(agent: string, release: AgentRelease & { sha256: string }, file: string): Promise<void> {
    const id = `download-${agent}-${folderName(release)}`;
    const title = titleOf(agent, release);
    const abort = new AbortController();
    const tell = (done: number, total: number | null) =>
      this.#work.set(id, {
        view: { id, title: `Downloading ${title}`, done, total, cancellable: true },
        abort,
      });
    tell(0, null);
    try {
      await download({
        ...release,
        title,
        file,
        signal: abort.signal,
        fetch: this.#options.fetch ?? globalThis.fetch,
        maxBytes: maxArchive,
        progress: tell,
        room: (total, missing) => this.#room(title, missing + total * unpackedRatio),
        ...(this.#options.waitMs === undefined ? {} : { waitMs: this.#options.waitMs }),
      });
    } finally {
      this.#work.delete(id);
    }
  }

  async #unpack(
    agent: string,
    release: AgentRelease & { sha256: string },
    archive: string,
    half: string,
  ): Promise<void> {
    const files = join(half, versions.filesFolder);
    await versions.removeAll(half);
    await mkdir(files, { recursive: true, mode: 0o755 });
    const unpack = isZip(release) ? unpackZip : unpackTar;
    await unpack(titleOf(agent, release), archive, files, this.#options.limits ?? agentLimits);
    const version: versions.Version = {
      // Where it came from may carry a signature that lets others download it.
      release: { ...release, url: '', bearer: null },
      extent: await versions.extentOf(files),
    };
    await writeFile(join(half, versions.markerFile), JSON.stringify(version), { mode: 0o600 });
  }

  async #room(title: string, bytes: number): Promise<void> {
    const free = await this.#free();
    if (free === null || free >= bytes + reserve) return;
    const mib = (n: number) => `${Math.ceil(n / 1_048_576)} MiB`;
    throw problem(
      'disk-reserve',
      `There is no room for ${title}: it needs ${mib(bytes + reserve)}, and ${mib(free)} are free.`,
      'Free some space on the volume of the home folder; it is tried again by itself.',
      { subject: this.#options.root },
    );
  }

  #free(): Promise<number | null> {
    return (this.#options.free ?? freeBytes)(this.#options.root);
  }

  /** Makes `target` a copy of a version that `have` gave. `target` is not there yet, its parent is. */
  async instance(folder: string, target: string): Promise<void> {
    const version = await versions.readVersion(folder);
    if (version === null)
      throw problem('unexpected', `The agent in ${folder} is gone.`, 'It is downloaded again by itself.');
    this.#copying.set(folder, (this.#copying.get(folder) ?? 0) + 1);
    try {
      await this.#instances.make(version, target);
    } finally {
      this.#copying.set(folder, (this.#copying.get(folder) ?? 1) - 1);
    }
  }

  /** Removes what is older than the present and the previous version; only folders that carry our mark. */
  async #prune(home: string, { os, arch }: AgentRelease, present: string): Promise<void> {
    const alike = (await versions.keptVersions(home)).filter(
      ({ release, folder }) => release.os === os && release.arch === arch && folder !== present,
    );
    for (const { folder } of alike.slice(kept - 1)) {
      if ((this.#copying.get(folder) ?? 0) > 0) continue;
      await this.#instances.drop(folder);
      this.#whole.delete(folder);
      await versions.removeAll(folder);
    }
  }

  /** Ends downloads and copies in the background. */
  async close(): Promise<void> {
    for (const { abort } of this.#work.values()) abort.abort();
    await Promise.allSettled(this.#getting.values());
    await this.#instances.close();
  }
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
