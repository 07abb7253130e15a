/** Agents on this machine that are not ours: where they usually lie, as services, and as processes. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isSafeAddress } from '../../../../contract/account.ts';
import type { ForeignAgent, ForeignView } from '../../../../contract/snapshot.ts';
import type { NamedProcess, ProcessTable } from '../../../os/processes.ts';
import { isOfSomeInstall } from '../runners/ours.ts';
import { agentOf } from './programs.ts';
import { ownerCommands } from './service-commands.ts';
import { type Serves, serves } from './serves.ts';

export interface ForeignOptions {
  /** HOME/runners: what lies in it is ours. */
  readonly runners: string;
  readonly userHome: string;
  readonly platform: NodeJS.Platform;
  readonly processes: Pick<ProcessTable, 'named'>;
  /** Where system services are described; default: systemd's folder, or that of macOS for this user. */
  readonly services?: string;
  /** Folders in which agents are unpacked by hand; default: the home folder and /opt. */
  readonly places?: readonly string[];
}

interface Found {
  readonly pid: number | null;
  readonly service: boolean;
  readonly usual: boolean;
}

/** One view for each; none of them can be removed from here. */
export async function foreignAgents(options: ForeignOptions): Promise<readonly ForeignView[]> {
  const found = new Map<string, Found>();
  const add = (folder: string, more: Partial<Found>) =>
    found.set(folder, { pid: null, service: false, usual: false, ...found.get(folder), ...more });
  for (const folder of await usualFolders(options)) add(folder, { usual: true });
  for (const folder of await serviceFolders(options)) add(folder, { service: true });
  const hidden: ForeignView[] = [];
  for (const process of await options.processes.named(['Runner.Listener']).catch(() => [])) {
    const folder = agentOf(process);
    if (folder === null) hidden.push(unknown(process.pid, 'a folder that is not to be seen', null));
    else if (!isOurs(process, folder, options)) add(folder, { pid: process.pid });
  }
  const { platform } = options;
  const views = await Promise.all([...found].map(([folder, what]) => view(folder, what, platform)));
  return [...views.filter((shown) => shown !== null), ...hidden];
}

/**
 * Exactly the place that we gave it: an agent that a job has put into its own work folder, where it even carries our
 * mark, is none of ours.
 */
function isOurs({ runner }: NamedProcess, folder: string, { runners }: ForeignOptions): boolean {
  const home = dirname(folder);
  return (
    basename(folder) === 'agent' && dirname(home) === runners && (runner ?? basename(home)) === basename(home)
  );
}

async function view(
  folder: string,
  { pid, service: told, usual }: Found,
  platform: NodeJS.Platform,
): Promise<ForeignView | null> {
  const served = await serves(folder);
  const service = told || existsSync(join(folder, '.service'));
  const agent = agentIn(folder, served, { running: pid !== null, service }, platform);
  if (pid === null)
    return served === null ? null : { ...known(folder, served, service, 'does not run now'), ...agent };
  if (!service && !usual) return { ...unknown(pid, folder, served), ...agent };
  return { ...known(folder, served, service, `runs (process ${pid})`), ...agent };
}

/** As what it could be taken over; nothing where its files do not say what it serves, or say it so that nobody can be asked. */
function agentIn(
  folder: string,
  served: Serves | null,
  { running, service }: Pick<ForeignAgent, 'running' | 'service'>,
  platform: NodeJS.Platform,
): Pick<ForeignView, 'agent'> {
  const url = served?.url ?? null;
  if (served === null || url === null || !isServable(url) || /\p{C}/u.test(folder)) return {};
  const commands = ownerCommands(folder, service, platform);
  return { agent: { folder, name: served.name, url, running, service, commands } };
}

/** The page of a repository, an organisation or an enterprise. */
function isServable(url: string): boolean {
  return isSafeAddress(url) && /^(?:\/[\w.-]+){1,2}\/?$/.test(new URL(url).pathname);
}

function known(folder: string, served: Serves | null, service: boolean, how: string): ForeignView {
  const what = served === null ? 'A GitHub runner' : `The GitHub runner ${served.name}`;
  const as = service ? ' It is a service of this system.' : '';
  const description = `${what} in ${folder} was not made by Homerunner; it ${target(served)} and ${how}.${as}`;
  return { name: null, kind: 'agent', description, suspicious: false };
}

function unknown(pid: number, folder: string, served: Serves | null): ForeignView {
  const home = otherHome(folder);
  const why =
    home === null
      ? 'It is neither a service nor in a usual place: if you did not start it, somebody else takes jobs here.'
      : `It looks like one of another Homerunner, in ${home}: if you run no other, somebody else takes jobs here.`;
  const description = `Unknown runner on this machine: process ${pid} in ${folder} ${target(served)}. ${why}`;
  return { name: null, kind: 'agent', description, suspicious: true };
}

/** Where another Homerunner would keep its files if this agent were one of its; null: it lies elsewhere. */
function otherHome(folder: string): string | null {
  const runner = dirname(folder);
  const isLikeOurs =
    basename(folder) === 'agent' &&
    basename(dirname(runner)) === 'runners' &&
    isOfSomeInstall(basename(runner));
  return isLikeOurs ? dirname(dirname(runner)) : null;
}

const target = (served: Serves | null) =>
  served?.url == null ? 'does not say what it serves' : `serves ${served.url}`;

/** `actions-runner…` itself, and the folders in it for those who keep several. */
async function usualFolders(options: ForeignOptions): Promise<string[]> {
  const places = options.places ?? [options.userHome, options.platform === 'win32' ? 'C:\\' : '/opt'];
  const tops = (await Promise.all(places.map((place) => below(place)))).flat();
  const named = tops.filter((path) => basename(path).startsWith('actions-runner'));
  const inside = (await Promise.all(named.map((path) => below(path)))).flat();
  return [...named, ...inside].filter((path) => existsSync(join(path, '.runner')));
}

/** Services are described in files whose name begins so; those of Windows are known by a file in the agent's folder. */
async function serviceFolders({ services, userHome, platform }: ForeignOptions): Promise<string[]> {
  const usual = platform === 'darwin' ? join(userHome, 'Library', 'LaunchAgents') : '/etc/systemd/system';
  const files = (await below(services ?? usual)).filter((path) =>
    /^actions\.runner\..*\.(?:service|plist)$/.test(basename(path)),
  );
  const folders = await Promise.all(
    files.map(async (file) => workingFolder(await readFile(file, 'utf8').catch(() => ''))),
  );
  return folders.filter((folder) => folder !== null);
}

function workingFolder(text: string): string | null {
  const plist = /<key>WorkingDirectory<\/key>\s*<string>([^<]+)<\/string>/.exec(text)?.[1];
  return plist ?? /^WorkingDirectory=(.+)$/m.exec(text)?.[1]?.trim() ?? null;
}

async function below(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.map((name) => join(folder, name));
}
