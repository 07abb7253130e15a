/** What the tests of the judge of the chaos with GitHub share: one job, and all that is seen of it. */
import type { Job as Row } from '../../src-main/contract/job.ts';
import type { KilledAgent } from '../chaos/github/agents.ts';
import { type Left, violationsOf } from '../chaos/github/left.ts';
import type { Ended } from '../chaos/github/load.ts';

/** A job that ran from 10 s to 20 s, and all that is seen of it. */
export const job: Ended = {
  ...{ id: 1001, name: 'k1', key: 'k1#1', conclusion: 'success' },
  ...{ createdAt: 9000, startedAt: 10_000, completedAt: 20_000 },
  ...{ runner: 'hr-1-person-a', pool: 'person', isAgain: false },
};
export const row: Row = {
  ...{ id: 'gh-1001', forge: 'github', pool: 'person', runner: job.runner, name: 'CI · k1' },
  ...{ url: null, labels: [], arch: 'x64', state: 'succeeded', result: 'It succeeded.', endedBy: 'job' },
  ...{ createdAt: 9000, startedAt: 10_000, endedAt: 20_000, exitCode: null },
  ...{ peak: { cpu: null, memoryMiB: null }, attempt: 1, retryOf: null, retriedAs: null },
};
export const began = '2026-11-30 14:03:34Z: Running job: k1\n';
export const ended = (result: string): string =>
  `${began}2026-11-30 14:03:35Z: Job k1 completed with result: ${result}\n`;

export interface Case {
  readonly job?: Partial<Ended>;
  /** null: the history has none. */
  readonly row?: Partial<Row> | null;
  readonly more?: readonly Row[];
  /** How it wrote that it ended; null: it did not, 'nothing': not even that it began. */
  readonly code?: number | null | 'nothing';
  readonly begun?: number;
  readonly kills?: readonly KilledAgent[];
  readonly atOnce?: readonly KilledAgent[];
  readonly missed?: boolean;
  readonly log?: string | null;
}

export const clean: Left = {
  ...{ open: [], ended: [], rows: [], ledger: new Map(), begun: new Map(), missed: new Set() },
  ...{ killed: { agents: [], atOnce: [] }, registered: [], foreignGone: [], refused: [], journal: [] },
  ...{ folders: [], processes: [], log: () => null },
};

export function told(wish: Case): string[] {
  const { code = 0, begun = 1, kills = [], atOnce = [] } = wish;
  const entry = { key: '1', pids: [100], ends: code === null || code === 'nothing' ? [] : [code] };
  return violationsOf({
    ...clean,
    ended: [{ ...job, ...wish.job }],
    rows: [...(wish.row === null ? [] : [{ ...row, ...wish.row }]), ...(wish.more ?? [])],
    ledger: new Map(code === 'nothing' ? [] : [[job.key, entry]]),
    begun: new Map([[job.id, begun]]),
    killed: { agents: kills, atOnce },
    missed: new Set(wish.missed === true ? [job.id] : []),
    log: () => (wish.log === undefined ? ended('Succeeded') : wish.log),
  });
}

export const failed = { state: 'failed', result: 'It failed.' } as const;
export const lost = { state: 'lost', result: 'Its agent was gone. Run it again at its forge.' } as const;
export const failure = { conclusion: 'failure' } as const;
