import { expect, it } from 'vitest';
import { defaultConfig } from '../core/config/schema.ts';
import { makePool } from '../core/testing/make.ts';
import { editOf, type PoolDesk } from './pool-commands.ts';

it('a change says what has no effect, once', () => {
  let config = { ...defaultConfig, pools: [makePool({ id: 'p', mode: 'auto', min: 0, max: 4 })] };
  const desk = {
    config: {
      read: () => ({ config, problems: [], readOnly: false }),
      write: (next: typeof config) => (config = next),
    },
    ...{ hostArch: 'x64', environmentPool: null, environmentAccount: null },
    ...{ busy: () => 0, changed: () => undefined },
  } as unknown as PoolDesk;
  expect(editOf({ pool: 'p', change: { min: 2 } }, desk).notes).toEqual([
    'The minimum of 2 has no effect in auto mode, where runners exist only while there is work.',
  ]);
  expect(editOf({ pool: 'p', change: { weight: 2 } }, desk).notes).toEqual([]);
  expect(config.pools[0]).toMatchObject({ min: 2, weight: 2 });
});
