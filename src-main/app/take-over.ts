/** Agents that somebody set up by hand: a pool in their place, with their labels, and what is left for their owner to do. */
import type { Account } from '../contract/account.ts';
import type { Adoption, CommandArgs, CommandResults, Light } from '../contract/commands.ts';
import { isLabel } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';
import { type Problem, problem, type ProblemError, problemOf } from '../contract/problem.ts';
import type { ForeignAgent } from '../contract/snapshot.ts';
import { isArchitecture } from '../core/config/defaults.ts';
import { normalise } from '../core/labels.ts';
import type { RemoteForge } from '../core/forge-port.ts';
import { addPool, allAccounts, editOf, listPools, type PoolDesk, poolOf, tried } from './pool-commands.ts';

export interface TakeOverDesk extends PoolDesk {
  readonly forges: readonly Pick<RemoteForge, 'lookAround' | 'labelsOf'>[];
  /** The preflight of a pool that is not there yet. */
  readonly check: (pool: Pool) => Promise<readonly Light[]>;
}

type Found = Pick<Adoption, 'agent' | 'scope'> & { readonly forge: Pick<RemoteForge, 'labelsOf'> };

/** What `takeOver` would do, by each account at the host that the agent serves. */
export async function adoptionOf(folder: string, desk: TakeOverDesk): Promise<Adoption> {
  const found = await find(folder, desk);
  const choices = accountsAt(found.agent, desk).map(async ({ id }) => ({
    account: id,
    pools: listPools(desk).flatMap((pool) => (serves(pool, id, found.scope) ? [pool.id] : [])),
    ...(await labelsOf(found, id)),
  }));
  return { agent: found.agent, scope: found.scope, choices: await Promise.all(choices) };
}

/**
 * Makes a pool for what the agent in that folder serves, or takes the one that is named or there, and gives it the
 * agent's labels. The agent itself is not touched: one that runs is refused, and its files and registration are left.
 */
export async function takeOver(
  args: CommandArgs<'runner.adopt'>,
  desk: TakeOverDesk,
): Promise<CommandResults['runner.adopt']> {
  const found = await find(args.folder, desk);
  const { agent, scope } = found;
  if (agent.running) throw runs(agent);
  const named = args.pool === null ? null : poolOf(desk, args.pool);
  const account = accountFor(agent, args.account ?? named?.account ?? null, desk);
  const there = args.fresh ? undefined : (named ?? listPools(desk).find((p) => serves(p, account, scope)));
  if (there !== undefined && !serves(there, account, scope)) throw servesOthers(there, account, scope);
  const { labels, unread } = await labelsOf(found, account);
  const { kept, notes } = usable(labels ?? [], there?.arch ?? desk.hostArch);
  const taken =
    there === undefined
      ? await makePool({ scope, account, labels: kept }, desk)
      : addLabels(there, kept, desk);
  return {
    pool: taken.pool,
    made: there === undefined,
    labels: taken.labels,
    agent,
    notes: [...taken.notes, ...notes, ...(unread === null ? [] : [unreadNote(agent, taken.pool, unread)])],
  };
}

/** Looked for afresh: whoever has just stopped it need not wait. */
async function find(folder: string, desk: TakeOverDesk): Promise<Found> {
  for (const forge of desk.forges) {
    const views = await forge.lookAround();
    const agent = views.find((view) => view.agent?.folder === folder)?.agent;
    if (agent !== undefined) return { agent, scope: scopeIn(agent.url), forge };
  }
  throw problem(
    'not-found',
    `There is no GitHub runner of others in ${folder}.`,
    'See those that were found in `homerunner status`.',
    { subject: folder },
  );
}

/** `https://github.com/owner/repo` serves owner/repo. */
function scopeIn(url: string): string {
  return new URL(url).pathname.replaceAll(/^\/+|\/+$/g, '');
}

function runs({ name, folder, commands }: ForeignAgent): ProblemError {
  return problem(
    'refused-by-policy',
    `The runner ${name} in ${folder} runs, and may be at a job.`,
    commands.stop === null
      ? 'End it where it was started, then try again.'
      : `Stop its service first: \`${commands.stop}\`.`,
    { subject: folder },
  );
}

/** Does this pool take the jobs of `scope` by that account: as its own scope, or as one of all of that owner? */
function serves(pool: Pool, account: string, scope: string): boolean {
  const reach = pool.scope?.toLowerCase();
  const wanted = scope.toLowerCase();
  const ofOwner = wanted.includes('/') && reach === `${wanted.split('/')[0] ?? ''}/*`;
  return pool.account === account && (reach === wanted || ofOwner);
}

function servesOthers(pool: Pool, account: string, scope: string): ProblemError {
  return problem(
    'usage',
    `The pool ${pool.id} is not one for ${scope} by the account ${account}.`,
    'Leave --pool out: a pool is made for it.',
    { subject: pool.id },
  );
}

function accountsAt({ url }: ForeignAgent, desk: PoolDesk): readonly Account[] {
  const { origin } = new URL(url);
  return allAccounts(desk.config.read().config, desk.environmentAccount).filter(
    (account) => account.forge === 'github' && new URL(account.url).origin === origin,
  );
}

/** The account that is wished for, else the one at the host that the agent serves. */
function accountFor(agent: ForeignAgent, wished: string | null, desk: PoolDesk): string {
  const { origin } = new URL(agent.url);
  const fitting = accountsAt(agent, desk).map(({ id }) => id);
  if (wished !== null && fitting.includes(wished)) return wished;
  if (wished !== null)
    throw problem('usage', `There is no account ${wished} at ${origin}.`, 'See `homerunner account list`.');
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  throw only === undefined
    ? problem(
        'usage',
        `There is no account at ${origin}, whose jobs this runner takes.`,
        `Add one with \`homerunner account add --forge github --url ${origin} --login gh\`.`,
      )
    : problem(
        'usage',
        `There are several accounts at ${origin}: ${fitting.join(', ')}.`,
        'Name one with --account.',
      );
}

/** The labels that its owner gave it, asked of the forge; no file of the agent has them. */
async function labelsOf(
  { agent, scope, forge }: Found,
  account: string,
): Promise<Pick<Adoption['choices'][number], 'labels' | 'unread'>> {
  try {
    return { labels: await forge.labelsOf({ account, scope, name: agent.name }), unread: null };
  } catch (error) {
    return { labels: null, unread: problemOf(error) };
  }
}

/** Those that a pool can have; of the others it is said that they are left out. */
function usable(labels: readonly string[], arch: Pool['arch']): { kept: string[]; notes: string[] } {
  const fits = (label: string): boolean =>
    isLabel(label) && (!isArchitecture(normalise(label)) || normalise(label) === arch);
  const left = labels.filter((label) => !fits(label));
  const kept = [...new Set(labels.filter(fits).map(normalise))];
  return {
    kept,
    notes: left.length === 0 ? [] : [`Left out, as runners here cannot have them: ${left.join(', ')}.`],
  };
}

interface Taken {
  readonly pool: Pool;
  readonly labels: readonly string[];
  readonly notes: readonly string[];
}

/** As `pool add` does: refused where the preflight forbids it, before anything is written. */
async function makePool(
  wish: { readonly scope: string; readonly account: string; readonly labels: string[] },
  desk: TakeOverDesk,
): Promise<Taken> {
  const pool = { forge: 'github' as const, mode: 'auto' as const, ...wish };
  const blocking = (await desk.check(tried({ pool }, desk))).find((light) => !light.ok && light.blocks);
  if (blocking !== undefined)
    throw problem('refused-by-policy', blocking.message, blocking.hint ?? 'Mend it, then try again.', {
      ...(blocking.link !== null && { link: blocking.link }),
    });
  const made = addPool({ id: null, pool }, desk);
  return { ...made, labels: wish.labels };
}

function addLabels(pool: Pool, labels: readonly string[], desk: TakeOverDesk): Taken {
  const has = pool.labels.map(normalise);
  const more = labels.filter((label) => !has.includes(label));
  if (more.length === 0) return { pool, labels: more, notes: [] };
  if (pool.id === desk.environmentPool?.id)
    return {
      ...{ pool, labels: [] },
      notes: [
        `The pool ${pool.id} comes from environment variables: add ${more.join(', ')} to RUNNER_LABELS.`,
      ],
    };
  const edited = editOf({ pool: pool.id, change: { labels: [...pool.labels, ...more] } }, desk);
  return { ...edited, labels: more };
}

function unreadNote({ name }: ForeignAgent, pool: Pool, { message }: Problem): string {
  return `The labels of ${name} could not be read: ${message} Add them with \`homerunner pool edit ${pool.id} --label\`.`;
}
