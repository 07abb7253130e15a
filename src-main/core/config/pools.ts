/** The pools of a configuration file. One that makes no sense is set aside, never dropped. */
import * as v from 'valibot';
import type { Arch } from '../../contract/job.ts';
import { type Pool, PoolSchema } from '../../contract/pool.ts';
import { poolDefaults, refuse } from './defaults.ts';
import { expected } from './expected.ts';
import {
  fieldProblem,
  type Fields,
  type Findings,
  isRecord,
  nothingFound,
  readFields,
  replaced,
} from './fields.ts';

interface PoolsRead {
  readonly pools: Pool[];
  readonly unusable: readonly unknown[];
}

/** The usable pools, and the entries that are not, in their order. */
export function readPools(raw: unknown, host: { readonly arch: Arch }, findings: Findings): PoolsRead {
  if (raw === undefined) return { pools: [], unusable: [] };
  if (!Array.isArray(raw)) {
    replaced(findings, 'pools', 'a list of pools', 'the default []');
    return { pools: [], unusable: [] };
  }
  const pools: Pool[] = [];
  const unusable: unknown[] = [];
  for (const [index, entry] of (raw as readonly unknown[]).entries()) {
    const pool = readPool(entry, `pools[${index}]`, pools, host, findings);
    if (pool === null) unusable.push(entry);
    else pools.push(pool);
  }
  return { pools, unusable };
}

function readPool(
  raw: unknown,
  path: string,
  before: readonly Pool[],
  host: { readonly arch: Arch },
  findings: Findings,
): Pool | null {
  const setAside = (subject: string, why: string): null => {
    findings.problems.push(fieldProblem(`The pool ${path} in config.json is not used: ${why}`, subject));
    findings.wrong.push({ subject, message: `The pool ${path} cannot be used: ${why}` });
    return null;
  };
  if (!isRecord(raw)) return setAside(path, 'it is not an object with fields.');
  const broken = brokenIdentity(raw);
  if (broken !== null)
    return setAside(
      `${path}.${broken}`,
      `its field ${broken} is not valid (expected: ${expected(PoolSchema.entries[broken])}).`,
    );
  const id = v.parse(PoolSchema.entries.id, raw['id']);
  if (before.some((pool) => pool.id === id))
    return setAside(`${path}.id`, `there is another one called ${id} before it.`);
  const mode = v.safeParse(PoolSchema.entries.mode, raw['mode']);
  const defaults = poolDefaults(id, mode.success ? mode.output : 'auto', host.arch);
  // What is noticed in a pool that is then set aside is of no interest.
  const own = nothingFound();
  const pool = agreeing(readFields(PoolSchema, defaults, raw, `${path}.`, own), path, own);
  const refusal = refuse(pool, host);
  if (refusal !== null) return setAside(path, refusal.message);
  findings.problems.push(...own.problems);
  findings.unknown.push(...own.unknown);
  findings.replaced.push(...own.replaced);
  findings.wrong.push(...own.wrong);
  return pool;
}

/**
 * Without these right it is not the pool that the owner meant: a default could run the jobs of another place, or run
 * without the isolation that was asked for.
 */
const identity = ['id', 'forge', 'scope', 'account', 'group', 'runtime'] as const;

function brokenIdentity(raw: Fields): (typeof identity)[number] | null {
  const wrong = identity.find((key) => {
    if (raw[key] === undefined) return key === 'id';
    return !v.is(PoolSchema.entries[key], raw[key]);
  });
  return wrong ?? null;
}

function agreeing(pool: Pool, path: string, findings: Findings): Pool {
  if (pool.min <= pool.max) return pool;
  replaced(findings, `${path}.min`, `at most the maximum of ${pool.max}`, String(pool.max));
  return { ...pool, min: pool.max };
}
