/** Forges as sentences name them. */
import type { ForgeId } from '../contract/job.ts';

export const forgeNames: Readonly<Record<ForgeId, string>> = {
  local: 'the local forge',
  github: 'GitHub',
  gitlab: 'GitLab',
  gitea: 'Gitea',
  forgejo: 'Forgejo',
};
