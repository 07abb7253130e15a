/** The login of the `gh` program, read and never kept. */
import { problemOf } from '../../../../contract/problem.ts';
import { run } from '../../../os/exec.ts';
import { isToken } from '../api/credential.ts';

/** The token that `gh` has for a host; null: it has none, or there is no `gh`. */
export type GhToken = (host: string) => Promise<string | null>;

export const ghToken: GhToken = async (host) => {
  try {
    const { code, stdout } = await run('gh', ['auth', 'token', '--hostname', host], { timeoutMs: 10_000 });
    const token = stdout.trim();
    return code === 0 && isToken(token) ? token : null;
  } catch (thrown) {
    if (problemOf(thrown).code === 'tool-missing') return null;
    throw thrown;
  }
};
