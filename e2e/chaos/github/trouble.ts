/** What goes wrong on the way to GitHub, what GitHub says that is not so, and an owner who cannot make up his mind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '../../../src-main/contract/problem.ts';
import type { FaultKind } from '../../support/github/faults.ts';
import type { Random } from '../random.ts';
import { type ChaosSite, poolIds } from './site.ts';

export interface Told {
  readonly faults: Map<string, number>;
  /** Jobs that were handed over in the moment in which their runner was to be removed. */
  lateHandovers: number;
}

type Trouble = (site: ChaosSite, random: Random, told: Told) => Promise<void> | void;

/** Until `stopped.yet`. Nothing is left wrong afterwards. */
export async function makeTrouble(
  site: ChaosSite,
  random: Random,
  stopped: { readonly yet: boolean },
): Promise<Told> {
  const told: Told = { faults: new Map(), lateHandovers: 0 };
  // A list that changes while its pages are read names one twice.
  site.github.world.duplicates = true;
  while (!stopped.yet) {
    await sleep(random.between(100, 900));
    const what = random.pick<Trouble>([
      [6, breakReading],
      [5, breakRegistering],
      [3, breakRemoving],
      [1, limit],
      [3, lie],
      [2, pauseAll],
      [3, pausePool],
      [2, endRunner],
    ]);
    await what(site, random, told);
    armLateHandover(site, random, told);
  }
  site.github.faults.clear();
  Object.assign(site.github.world, { lyingBusy: null, lateHandover: null, duplicates: false });
  return told;
}

function addFault(
  { github }: ChaosSite,
  match: RegExp,
  kind: FaultKind,
  times: number,
  { faults }: Told,
): void {
  github.fault({ match, do: kind, times, ms: 700 });
  faults.set(kind, (faults.get(kind) ?? 0) + times);
}

const breakReading: Trouble = (site, random, told) => {
  const kind = random.pick<FaultKind>([
    [3, '500'],
    [3, '502'],
    [2, 'drop'],
    [2, 'drop-after'],
    [1, 'html'],
    [2, 'slow'],
  ]);
  addFault(site, /^GET \/(?!_)/, kind, 1 + Math.floor(3 * random.next()), told);
};

const breakRegistering: Trouble = (site, random, told) => {
  const kind = random.pick<FaultKind>([
    [1, '500'],
    [4, '502-after'],
    [1, 'drop'],
    [4, 'drop-after'],
    [1, 'slow'],
  ]);
  addFault(site, /^POST .*(generate-jitconfig|registration-token)$/, kind, 1, told);
};

const breakRemoving: Trouble = (site, random, told) => {
  const kind = random.pick<FaultKind>([
    [1, '500'],
    [2, '502-after'],
    [2, 'drop-after'],
    [1, 'slow'],
  ]);
  addFault(site, /^(DELETE|PUT) \/(?!_)/, kind, 1, told);
};

/** A secondary limit, as 403 with the time after which one may ask again. */
const limit: Trouble = ({ github }, _random, { faults }) => {
  github.limits.secondary = { times: 1, retryAfter: 1 };
  faults.set('403', (faults.get('403') ?? 0) + 1);
};

/** For a while GitHub says of some runners that they are busy, or that they are not, against the truth. */
const lie: Trouble = async ({ github: { world } }, random, { faults }) => {
  const salt = Math.floor(random.next() * 3);
  world.lyingBusy = (name, busy) => (name.charCodeAt(name.length - 1) % 3 === salt ? !busy : busy);
  await sleep(random.between(500, 3000));
  world.lyingBusy = null;
  faults.set('lying busy', (faults.get('lying busy') ?? 0) + 1);
};

/** The next removal of an idle runner meets a job that is just handed to it, if one waits. */
function armLateHandover({ github: { world } }: ChaosSite, random: Random, told: Told): void {
  if (world.lateHandover !== null) told.lateHandovers += 1 - world.lateHandover.times;
  const way = random.chance(0.5) ? 'refused' : 'raced';
  world.lateHandover = { do: way, times: 1 };
}

const pauseAll: Trouble = async ({ link }, random) => {
  await link.ask('pause', { pool: null, reason: 'chaos', end: { kind: 'indefinite' } });
  await sleep(random.between(100, 2000));
  await link.ask('resume', { pool: null });
};

const pausePool: Trouble = async ({ link }, random) => {
  const pool = poolIds[Math.floor(random.next() * poolIds.length)] ?? null;
  await link.ask('pause', { pool, reason: null, end: { kind: 'duration', milliseconds: 60_000 } });
  await sleep(random.between(100, 2000));
  await link.ask('resume', { pool });
};

const endRunner: Trouble = async ({ link }, random) => {
  const { runners } = await link.ask('runner.list', {});
  const runner = runners[Math.floor(random.next() * runners.length)]?.name;
  if (runner === undefined) return;
  try {
    if (random.chance(0.5)) await link.ask('runner.restart', { runner });
    else await link.ask('runner.remove', { runner, now: false });
  } catch (error) {
    // It has gone meanwhile.
    if (!(error instanceof ProblemError) || error.problem.code !== 'not-found') throw error;
  }
};
