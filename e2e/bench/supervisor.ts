/** A supervisor for measuring: a home, a pool, a connection. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import type { PoolEdit } from '../../src-main/contract/pool.ts';
import { killAtExit } from '../support/at-exit.ts';
import { ask, connectTo } from '../support/control.ts';
import { Home, type Running } from '../support/product.ts';
import { until } from '../support/until.ts';

export interface Bench {
  readonly home: Home;
  readonly running: Running;
  readonly control: ControlClient;
  end(): Promise<void>;
}

/** Runners of one whole core as the host counts them; the slots decide how many there are. */
const ordinary: PoolEdit = { forge: 'local', cores: 1, memoryMiB: 256 };

/** Starts a supervisor with these pools, and waits until each has its `min` runners idle. */
export async function bench(
  pools: Readonly<Record<string, PoolEdit>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Bench> {
  const home = new Home({ env });
  killAtExit(home);
  // The arithmetic of cores would make fewer runners than asked for on a small machine.
  writeFileSync(path.join(home.path, 'config.json'), JSON.stringify({ version: 1, capacity: { slots: 16 } }));
  try {
    const running = await home.run();
    const control = await connectTo(home);
    for (const [id, pool] of Object.entries(pools)) {
      await ask(control, 'pool.add', { id, pool: { ...ordinary, ...pool } });
    }
    for (const [id, pool] of Object.entries(pools)) await idle(control, id, pool.min ?? 0);
    const end = async (): Promise<void> => {
      control.close();
      await running.stop();
      await home.dispose();
    };
    return { home, running, control, end };
  } catch (error) {
    await home.dispose();
    throw error;
  }
}

/** Waits until `pool` has exactly `count` runners, all idle, and nothing waits. */
export async function idle(control: ControlClient, pool: string, count: number): Promise<void> {
  await until(async () => {
    const { runners, waitingTotal } = await control.snapshot();
    const ours = runners.filter((r) => r.pool === pool);
    return waitingTotal === 0 && ours.length === count && ours.every((r) => r.phase === 'idle');
  }, `the pool ${pool} has ${count} idle runners and no job`);
}
