/** Which wishes for runners at GitHub cannot be fulfilled. */
import type { Pool } from '../../contract/pool.ts';
import type { Problem } from '../../contract/problem.ts';
import { githubScopeForms, type GitHubScopeKind, githubScopeKind } from './github-scope.ts';

export type No = (message: string, hint: string) => Problem;

/** Why this pool at GitHub cannot be had, whatever the host is; null where it can. */
export function refuseGitHub(pool: Pool, no: No): Problem | null {
  if (pool.scope === null)
    return no(
      'A pool at GitHub needs to know whose jobs it runs.',
      `Name it with --scope: ${githubScopeForms}.`,
    );
  const kind = githubScopeKind(pool.scope);
  if (kind === null)
    return no(`The scope ${pool.scope} is nothing that GitHub has.`, `Give ${githubScopeForms}.`);
  if (pool.account === null)
    return no(
      'A pool at GitHub needs an account to register its runners by.',
      'Add one with `homerunner account add --forge github --login gh` (or --device, --token-stdin), and name it with --account.',
    );
  return (
    refuseMode(pool, kind, no) ??
    refuseGroup(pool, kind, no) ??
    refusePublic(pool, no) ??
    refuseFallback(pool, kind, no)
  );
}

function refuseMode(pool: Pool, kind: GitHubScopeKind, no: No): Problem | null {
  if (kind !== 'repositories') return null;
  if (pool.mode === 'manual')
    return no(
      `The runners of ${pool.scope ?? ''} are registered at one repository after the other as work appears, which manual runners cannot be.`,
      'Choose the mode auto, or name one repository.',
    );
  if (pool.mode === 'ephemeral' && pool.min > 0)
    return no(
      `No runner can be kept ready for all repositories of ${pool.scope ?? ''} at once: each is registered at one.`,
      'Choose --min 0, or name one repository.',
    );
  return null;
}

function refuseGroup(pool: Pool, kind: GitHubScopeKind, no: No): Problem | null {
  if (pool.group === null || kind === 'organisation' || kind === 'enterprise') return null;
  return no(
    `The runner group ${pool.group} means nothing for ${pool.scope ?? ''}: only organisations and enterprises have groups.`,
    'Leave the group out, or choose an organisation as the scope.',
  );
}

function refuseFallback({ fallback }: Pool, kind: GitHubScopeKind, no: No): Problem | null {
  if (!fallback || kind !== 'enterprise') return null;
  return no(
    'An enterprise has no variables by which its workflows could be told whether this machine is there.',
    'Leave --fallback out, or make a pool for one organisation or repository.',
  );
}

/** Design 6: what strangers can start leaves no process behind that takes the next job. */
function refusePublic(pool: Pool, no: No): Problem | null {
  if (!pool.publicAllowed || pool.mode !== 'manual') return null;
  return no(
    'Runners of the mode manual stay from job to job, so they take no jobs of public repositories.',
    'Choose the mode ephemeral or auto, or leave --allow-public out.',
  );
}
