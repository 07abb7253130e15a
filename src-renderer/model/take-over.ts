/** Which pool takes the jobs of an agent that somebody set up by hand. */
import type { PoolView } from '../../src-main/contract/snapshot.ts';
import type { Speech } from '../texts/speech.ts';

export interface PoolChoice {
  /** The id of a pool, or `new`. */
  readonly value: string;
  readonly name: string;
  readonly text: string;
}

/** Those that serve the same, first what is there; a pool that is called `new` cannot be told from a new one, and is left out. */
export function poolChoices(
  serving: readonly string[],
  pools: readonly PoolView[],
  { t }: Pick<Speech, 't'>,
): readonly PoolChoice[] {
  const there = pools
    .filter((pool) => serving.includes(pool.id) && pool.id !== 'new')
    .map(({ id, name, scope, mode }) => ({
      value: id,
      name,
      text: t('take.there', { scope: scope ?? '', mode: t(`mode.${mode}`) }),
    }));
  return [...there, { value: 'new', name: t('take.new'), text: t('take.new.text') }];
}
