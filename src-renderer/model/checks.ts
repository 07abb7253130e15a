/** Checks of a pool as the window calls them: the engine names each by a word of its own. */
import type { Speech } from '../texts/speech.ts';

const named = [
  'account',
  'scope',
  'permission',
  'archived',
  'public',
  'group',
  'registrations',
  'fork-pull-requests',
  'actions',
  'self-hosted',
  'runner-version',
  'workflows',
  'pull-request-target',
  'labels',
  'docker',
  'tools',
  'fallback',
  'git',
  'home',
  'disk',
  'capacity',
] as const;

/** One that has no name here yet keeps the engine's. */
export function checkName(name: string, { t }: Speech): string {
  const known = named.find((one) => one === name);
  return known === undefined ? name : t(`check.name.${known}`);
}
