/** One poller for each account that pools name. */
import type { Pool } from '../../../../contract/pool.ts';
import type { SeenJob } from './job.ts';
import { Poller, type PollerParts } from './poller.ts';

export interface Pollers {
  readonly byAccount: ReadonlyMap<string, Poller>;
  /** Serves these pools from now on. */
  follow(pools: readonly Pool[]): void;
  nudge(): void;
  /** The run that an account follows there and that has this job; null: none is known. */
  runOf(account: string, repository: string, job: string): number | null;
  /** The jobs of a run as somebody else has just asked for them. */
  told(account: string, repository: string, run: number, jobs: readonly SeenJob[]): void;
  close(): void;
}

export function newPollers(parts: PollerParts): Pollers {
  const byAccount = new Map<string, Poller>();
  let served = '';
  return {
    byAccount,
    follow(pools) {
      const key = JSON.stringify(pools.map(({ id, scope, account, group }) => [id, scope, account, group]));
      if (key === served) return;
      served = key;
      const accounts = new Set(pools.flatMap(({ account }) => account ?? []));
      for (const [account, poller] of byAccount) {
        if (accounts.has(account)) continue;
        poller.close();
        byAccount.delete(account);
      }
      for (const account of accounts) {
        const poller = byAccount.get(account) ?? new Poller(account, parts, () => byAccount.size);
        byAccount.set(account, poller);
        poller.serve(pools.filter((pool) => pool.account === account));
      }
    },
    runOf: (account, repository, job) => byAccount.get(account)?.runOf(repository, job) ?? null,
    told: (account, repository, run, jobs) => byAccount.get(account)?.told(repository, run, jobs),
    nudge() {
      for (const poller of byAccount.values()) poller.nudge();
    },
    close() {
      for (const poller of byAccount.values()) poller.close();
    },
  };
}
