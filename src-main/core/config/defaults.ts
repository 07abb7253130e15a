/** What a pool is where the owner said nothing, and which wishes this version cannot fulfil. */
import { type Arch, architectures } from '../../contract/job.ts';
import { type Mode, type Pool, type PoolEdit, PoolIdSchema } from '../../contract/pool.ts';
import { type Problem, problem } from '../../contract/problem.ts';
import * as v from 'valibot';
import { forgeNames } from '../forge-names.ts';
import { githubScopeKind } from './github-scope.ts';
import { type No, refuseGitHub } from './refuse-github.ts';

/** The most runners of a pool at once where nothing is said; capacity usually allows fewer. */
const defaultMax = 4;

/** A local pool of `mode` with every field at its default. */
export function poolDefaults(id: string, mode: Mode, arch: Arch): Pool {
  return {
    id,
    name: id,
    forge: 'local',
    scope: null,
    account: null,
    group: null,
    publicAllowed: false,
    fallback: false,
    arch,
    runtime: 'process',
    size: 'standard',
    cores: null,
    memoryMiB: null,
    mode,
    scaling: 'aggressive',
    overrides: {},
    min: mode === 'auto' ? 0 : 1,
    max: defaultMax,
    weight: 1,
    labels: [],
    idleTimeoutSeconds: 300,
    maxLifetimeSeconds: 0,
  };
}

/**
 * The pool that `pool add` makes of what the owner named, and sentences about what follows from it. Without an id it
 * is called by its name or its forge, with a number where that is taken. Throws `usage` where the wish cannot be
 * fulfilled.
 */
export function newPool(
  edit: PoolEdit,
  host: { readonly arch: Arch },
  existingIds: readonly string[],
  id: string | null = null,
): { readonly pool: Pool; readonly notes: readonly string[] } {
  if (id !== null && existingIds.includes(id))
    throw problem(
      'usage',
      `There is a pool ${id} already.`,
      'Choose another name, or change it with `pool edit`.',
      {
        subject: id,
      },
    );
  const wished = id ?? freeId(idFrom(edit.name) ?? edit.forge ?? 'local', existingIds);
  const base = poolDefaults(wished, edit.mode ?? 'auto', host.arch);
  const min = edit.min ?? (isOverRepositories(edit) ? 0 : base.min);
  const max = edit.max ?? Math.max(base.max, min);
  const pool: Pool = { ...editPool(base, edit), min, max };
  const refusal = refuse(pool, host);
  if (refusal !== null) throw problem(refusal.code, refusal.message, refusal.hint, { subject: pool.id });
  return { pool, notes: notesOn(pool) };
}

/** Nothing can be kept ready at all repositories of an owner. */
export function isOverRepositories({ forge, scope }: Pick<PoolEdit, 'forge' | 'scope'>): boolean {
  return forge === 'github' && githubScopeKind(scope ?? '') === 'repositories';
}

/** The pool with what the owner named changed; the result may still be one to `refuse`. */
export function editPool(pool: Pool, edit: PoolEdit): Pool {
  const named = Object.entries(edit).filter(([, value]) => value !== undefined);
  return { ...pool, ...(Object.fromEntries(named) as Partial<Pool>) };
}

/** What follows from a pool that its owner may not have meant. */
export function notesOn(pool: Pool): readonly string[] {
  const notes: string[] = [];
  if (pool.mode === 'auto' && pool.min > 0)
    notes.push(
      `The minimum of ${pool.min} has no effect in auto mode, where runners exist only while there is work.`,
    );
  if (
    pool.mode === 'auto' &&
    pool.maxLifetimeSeconds > 0 &&
    pool.idleTimeoutSeconds > pool.maxLifetimeSeconds
  )
    notes.push('Its runners reach their longest lifetime before their idle timeout.');
  return notes;
}

/** The id that a name gives, if any: "My Pool" is my-pool. */
function idFrom(name: string | undefined): string | null {
  const id = (name ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 28)
    .replaceAll(/^-+|-+$/g, '');
  return v.is(PoolIdSchema, id) ? id : null;
}

function freeId(base: string, existing: readonly string[]): string {
  let id = base;
  for (let n = 2; existing.includes(id); n += 1) id = `${base}-${n}`;
  return id;
}

const notYet = 'not part of this version yet';

/** Why this pool cannot be had on this host, null where it can: each a sentence, and what to do instead. */
export function refuse(pool: Pool, host: { readonly arch: Arch }): Problem | null {
  const no = (message: string, hint: string): Problem => ({ code: 'usage', message, hint, subject: pool.id });
  return (
    refuseForge(pool, no) ??
    refuseRuntime(pool, host, no) ??
    refuseNumbers(pool, no) ??
    refuseLabels(pool, no)
  );
}

function refuseForge(pool: Pool, no: No): Problem | null {
  if (pool.forge === 'github') return refuseGitHub(pool, no);
  if (pool.forge === 'local') return refuseLocal(pool, no);
  return no(
    `Pools of ${forgeNames[pool.forge]} are ${notYet}.`,
    'Make a pool at GitHub (`pool add --forge github`), or a local one (`pool add --forge local`).',
  );
}

function refuseLocal(pool: Pool, no: No): Problem | null {
  if (pool.scope !== null)
    return no(
      `The local forge has no repositories to choose from, so the scope ${pool.scope} means nothing.`,
      'Leave the scope out: `submit` names the repository with each job.',
    );
  const alien = (['account', 'group'] as const).find((field) => pool[field] !== null);
  if (alien !== undefined)
    return no(`The local forge has no ${alien}s.`, `Leave the ${alien} out: its jobs are yours alone.`);
  if (pool.publicAllowed)
    return no(
      'The local forge has no public repositories: only you give it jobs.',
      'Leave --allow-public out.',
    );
  if (pool.fallback) return no('Jobs of the local forge run here or not at all.', 'Leave --fallback out.');
  return null;
}

function refuseRuntime(pool: Pool, host: { readonly arch: Arch }, no: No): Problem | null {
  if (pool.runtime !== 'process')
    return no(
      `Runners in a ${pool.runtime === 'vm' ? 'virtual machine' : 'container'} are ${notYet}.`,
      'Use --runtime process; jobs then run as you, with your files readable.',
    );
  if (pool.size === 'gpu')
    return no(
      `Runners that lease a GPU are ${notYet}.`,
      'Choose the size standard, large or multi; jobs see the GPUs of the machine as you do.',
    );
  if (pool.arch !== host.arch)
    return no(
      `This machine is ${host.arch}; runners for ${pool.arch} need emulation, which is ${notYet}.`,
      `Use --arch ${host.arch}, or leave it out.`,
    );
  return null;
}

function refuseNumbers(pool: Pool, no: No): Problem | null {
  if (pool.min <= pool.max) return null;
  return no(
    `A minimum of ${pool.min} runners is more than the maximum of ${pool.max}.`,
    'Lower --min or raise --max.',
  );
}

/** A label that names another architecture would bring jobs that cannot run here. */
function refuseLabels(pool: Pool, no: No): Problem | null {
  const wrong = pool.labels.find((label) => label !== pool.arch && isArchitecture(label));
  if (wrong === undefined) return null;
  return no(
    `The label ${wrong} names an architecture, and the runners of this pool are ${pool.arch}.`,
    `Leave the label ${wrong} out.`,
  );
}

/** Is this label the name of an architecture? */
export function isArchitecture(label: string): label is Arch {
  return (architectures as readonly string[]).includes(label);
}
