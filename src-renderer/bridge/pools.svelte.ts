/** What is done to pools from their cards; what comes in the way is kept by pool, to be shown there. */
import { SvelteMap } from 'svelte/reactivity';
import type { Mode } from '../../src-main/contract/pool.ts';
import type { Problem } from '../../src-main/contract/problem.ts';
import type { PoolView } from '../../src-main/contract/snapshot.ts';
import { t } from '../texts/texts.svelte.ts';
import { Attempt } from './attempt.svelte.ts';
import { tell } from './say.svelte.ts';

export class PoolDesk {
  readonly #attempts = new SvelteMap<string, Attempt>();

  problemOf(pool: string): Problem | null {
    return this.#attempts.get(pool)?.problem ?? null;
  }

  /** False: it was refused. */
  async pause(pool: PoolView, paused: boolean): Promise<boolean> {
    const attempt = this.#attemptFor(pool.id);
    const done = paused
      ? await attempt.command('pause', { pool: pool.id, reason: null, end: { kind: 'indefinite' } })
      : await attempt.command('resume', { pool: pool.id });
    if (done === null) return false;
    tell(t(paused ? 'pool.nowPaused' : 'pool.nowOn', { name: pool.name }));
    return true;
  }

  /** False: it was refused. */
  async changeMode(pool: PoolView, mode: Mode): Promise<boolean> {
    const done = await this.#attemptFor(pool.id).command('pool.edit', { pool: pool.id, change: { mode } });
    if (done === null) return false;
    const said = t('pool.modeDone', { name: pool.name, mode: t(`mode.${mode}`) });
    tell([said, ...done.notes].join(' '));
    return true;
  }

  /** A workflow whose jobs fall back; null: it was refused. */
  async snippet(pool: PoolView): Promise<string | null> {
    return (await this.#attemptFor(pool.id).command('pool.snippet', { pool: pool.id }))?.workflow ?? null;
  }

  #attemptFor(pool: string): Attempt {
    const known = this.#attempts.get(pool) ?? new Attempt();
    this.#attempts.set(pool, known);
    return known;
  }
}
