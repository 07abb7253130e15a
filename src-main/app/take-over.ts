/** Agents that somebody set up by hand: a pool in their place, and what is left for their owner to do. */
import type { Account } from '../contract/account.ts';
import type { CommandArgs, CommandResults } from '../contract/commands.ts';
import { problem, type ProblemError } from '../contract/problem.ts';
import type { ForeignAgent, ForeignView } from '../contract/snapshot.ts';
import type { Pool } from '../contract/pool.ts';
import { addPool, allAccounts, listPools, type PoolDesk, poolOf } from './pool-commands.ts';

/**
 * Makes a pool for what the agent in that folder serves, or takes the one that is named or there. The agent itself is
 * not touched: one that runs is refused, and what remains to be done with its files and registration is told.
 */
export function takeOver(
  { folder, pool: wanted }: CommandArgs<'runner.adopt'>,
  foreign: readonly ForeignView[],
  desk: PoolDesk,
): CommandResults['runner.adopt'] {
  const agent = foreign.find((view) => view.agent?.folder === folder)?.agent;
  if (agent === undefined)
    throw problem(
      'not-found',
      `There is no GitHub runner of others in ${folder}.`,
      'See those that were found in `homerunner status`; they are looked for once a minute.',
      { subject: folder },
    );
  if (agent.running) throw runs(agent);
  const account = accountAt(agent, allAccounts(desk.config.read().config, desk.environmentAccount));
  const scope = scopeIn(agent.url);
  const serves = (pool: Pool): boolean =>
    pool.account === account.id && pool.scope?.toLowerCase() === scope.toLowerCase();
  const there = wanted === null ? listPools(desk).find(serves) : poolOf(desk, wanted);
  if (there !== undefined && !serves(there))
    throw problem(
      'usage',
      `The pool ${there.id} is not one for ${scope} by the account ${account.id}.`,
      'Leave --pool out: a pool is made for it.',
      { subject: there.id },
    );
  const made =
    there === undefined
      ? addPool({ id: null, pool: { forge: 'github', scope, account: account.id, mode: 'auto' } }, desk)
      : null;
  return {
    pool: made?.pool ?? there ?? poolOf(desk, wanted ?? ''),
    made: made !== null,
    notes: [...(made?.notes ?? []), ...remaining(agent)],
  };
}

function runs({ name, folder, service }: ForeignAgent): ProblemError {
  return problem(
    'refused-by-policy',
    `The runner ${name} in ${folder} runs, and may be at a job.`,
    service
      ? `Stop its service first, in its folder: \`sudo ./svc.sh stop\`. A minute later it is seen.`
      : 'End it where it was started, then try again a minute later.',
    { subject: folder },
  );
}

/** The one account at the host that the agent serves. */
function accountAt({ url }: ForeignAgent, accounts: readonly Account[]): Account {
  const { origin } = new URL(url);
  const fitting = accounts.filter(
    (account) => account.forge === 'github' && new URL(account.url).origin === origin,
  );
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  throw problem(
    'usage',
    only === undefined
      ? `There is no account at ${origin}, whose jobs this runner takes.`
      : `There are several accounts at ${origin}: ${fitting.map(({ id }) => id).join(', ')}.`,
    only === undefined
      ? `Add one with \`homerunner account add --forge github --url ${origin} --login gh\`.`
      : 'Make the pool yourself with `homerunner pool add --account`, then name it with --pool.',
  );
}

/** `https://github.com/owner/repo` serves owner/repo. */
function scopeIn(url: string): string {
  return new URL(url).pathname.replaceAll(/^\/+|\/+$/g, '');
}

function remaining({ name, folder, service }: ForeignAgent): readonly string[] {
  return [
    'Runners of the pool are made for one job each, with the usual labels; add others with `homerunner pool edit --label`.',
    ...(service ? [`Its service is yours to remove: \`sudo ./svc.sh uninstall\` in ${folder}.`] : []),
    `The registration ${name} is still at GitHub: \`./config.sh remove\` in ${folder} takes it away; then the folder can be deleted.`,
  ];
}
