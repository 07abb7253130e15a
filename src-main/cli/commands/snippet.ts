/** workflow-snippet: a workflow that runs here while this machine is there, and at GitHub otherwise. */
import type { Pool } from '../../contract/pool.ts';
import { problem } from '../../contract/problem.ts';
import { onlineVariable, snippetFor } from '../../core/snippet.ts';
import { ask, show, withEither } from '../reach.ts';
import type { CommandSpec } from '../spec.ts';

export const snippet: CommandSpec = {
  name: 'workflow-snippet',
  positionals: [],
  summary: 'A workflow that falls back to machines of GitHub while this one is away.',
  options: [{ name: 'pool', value: 'POOL', help: 'For this pool; not needed where one at GitHub is alone.' }],
  examples: ['homerunner workflow-snippet > .github/workflows/ci.yml'],
  run(call) {
    const wanted = call.args.get('pool');
    return withEither(call, async (api) => {
      const { pools } = await ask(api, 'pool.list', {});
      const pool = choose(pools, wanted);
      const text = snippetFor(pool);
      if (!pool.fallback) call.terminal.note(notKept(pool.id));
      return show(call, { pool: pool.id, workflow: text }, () => text.trimEnd());
    });
  },
};

const notKept = (pool: string): string =>
  `The variable ${onlineVariable} is not kept fresh yet: \`homerunner pool edit ${pool} --fallback\` begins with it.`;

function choose(pools: readonly Pool[], wanted: string | null): Pool {
  const there = pools.filter((pool) => pool.forge === 'github');
  if (wanted !== null) {
    const found = pools.find((pool) => pool.id === wanted);
    if (found === undefined)
      throw problem('not-found', `There is no pool called ${wanted}.`, 'See `homerunner pool list`.');
    return found;
  }
  const [only, ...others] = there;
  if (only === undefined)
    throw problem(
      'usage',
      'There is no pool at GitHub yet.',
      'Make one with `homerunner pool add --forge github`.',
    );
  if (others.length === 0) return only;
  const ids = there.map((pool) => pool.id).join(', ');
  throw problem('usage', `There are several pools at GitHub: ${ids}.`, 'Name one with --pool.');
}
