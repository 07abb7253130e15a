/** Gathers what the stopped supervisor has left: at GitHub, in the journal, on disk, among the processes. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '../../../src-main/adapters/db/open.ts';
import { lingering } from '../../support/processes.ts';
import { readLedger } from '../ledger.ts';
import { keptLog } from './agent-log.ts';
import type { Killed } from './kills.ts';
import { type Left, violationsOf } from './left.ts';
import type { Load } from './load.ts';
import type { Lost } from './lost.ts';
import { ours, type Site } from './site.ts';

/** Rows enough for any run. */
const all = 100_000;

/** What must hold after everything: each sentence is one violation. */
export function checkEverything(site: Site, load: Load, killed: Killed, lost: Lost): string[] {
  const { store, problem } = openStore(path.join(site.home.path, 'state.db'));
  try {
    const { world, violations: refused } = site.github;
    const left: Left = {
      open: load.open.map(({ id, name, status, runner }) => ({
        id,
        name,
        status,
        runner: runner?.name ?? null,
      })),
      ended: load.ended,
      rows: store.jobs(all).rows.map(({ job }) => job),
      log: ({ id }) => keptLog(site.home.path, id),
      ledger: readLedger(site.ledger),
      begun: world.jobRuns,
      missed: world.missed,
      ...{ killed, refused },
      registered: ours(site),
      foreignGone: foreignGone(site),
      journal: store.runners().map(({ name }) => name),
      folders: foldersOf(site),
      processes: lingering(site.home.path),
    };
    return [
      ...(problem === null ? [] : [problem.message]),
      ...killed.violations,
      ...lost.violations,
      ...violationsOf(left),
    ];
  } finally {
    store.close();
  }
}

/** The scopes of foreign runners that are not registered any more. */
export function foreignGone({ github, foreign }: Pick<Site, 'github' | 'foreign'>): readonly string[] {
  const left = new Set(github.runners());
  return foreign.filter((runner) => !left.has(runner)).map(({ scope }) => scope);
}

export function foldersOf({ home }: { readonly home: { readonly path: string } }): readonly string[] {
  const runners = path.join(home.path, 'runners');
  return existsSync(runners) ? readdirSync(runners) : [];
}
