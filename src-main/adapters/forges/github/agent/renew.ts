/** Gives a persistent runner another version of its agent between two of its processes; its registration and its work stay. */
import { existsSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentFolders, agentName, type AgentRelease } from './folders.ts';
import { agentFolder, versionFile } from './prepare.ts';

/** Where the new version lies until all of it has come into its place. */
const nextFolder = (folder: string) => join(folder, 'agent-next');

/** Was it begun, and cut short? Then it has to be done again before the agent may run. */
export const isHalfRenewed = (folder: string): boolean => existsSync(nextFolder(folder));

/** Nothing of the agent may run. Safe to repeat. Throws the store's Problems before anything is changed. */
export async function renew(folder: string, release: AgentRelease, folders: AgentFolders): Promise<void> {
  const version = await folders.have(agentName, release);
  const [next, agent] = [nextFolder(folder), agentFolder(folder)];
  await rm(next, { recursive: true, force: true });
  await folders.instance(version, next);
  // What the archive has is replaced; what the agent has written beside it (.runner, _work, _diag) is not touched.
  for (const name of await readdir(next)) {
    await rm(join(agent, name), { recursive: true, force: true });
    await rename(join(next, name), join(agent, name));
  }
  await writeFile(versionFile(folder), release.version, { mode: 0o600 });
  await rm(next, { recursive: true, force: true });
}
