/** What goes wrong at GitHub and what its owner does meanwhile, at random, until told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '../../../src-main/contract/problem.ts';
import type { Fault } from '../../support/github/faults.ts';
import type { Random } from '../random.ts';
import type { Site } from './site.ts';

export interface Trouble {
  /** How often what happened. */
  readonly counts: ReadonlyMap<string, number>;
  end(): Promise<void>;
}

type Deed = (site: Site, random: Random) => Promise<void> | void;

/** What the agents ask goes well: their own troubles are not what is tested. */
const any = /^\w+ \/(?!_agent)/;
const faults: readonly (readonly [weight: number, name: string, fault: Fault])[] = [
  [3, 'made a runner and answered 502', { match: /^POST .*generate-jitconfig/, do: '502-after' }],
  [2, 'made a runner and hung up', { match: /^POST .*generate-jitconfig/, do: 'drop-after' }],
  [2, 'answered 500', { match: any, do: '500', times: 2 }],
  [2, 'answered 502 with a page', { match: any, do: '502', times: 2 }],
  [2, 'deleted and hung up', { match: /^DELETE .*runners\//, do: 'drop-after' }],
  [1, 'hung up', { match: any, do: 'drop', times: 2 }],
  [1, 'never answered', { match: any, do: 'hang' }],
  [1, 'answered with a page instead of JSON', { match: any, do: 'html' }],
  [1, 'answered slowly', { match: any, do: 'slow', ms: 1500, times: 3 }],
];

const deeds: readonly (readonly [weight: number, name: string, deed: Deed])[] = [
  ...faults.map(
    ([weight, name, fault]) =>
      [
        weight,
        name,
        ({ github }: Site) => {
          github.fault(fault);
        },
      ] as const,
  ),
  [
    2,
    'asked for a pause of a second (403)',
    ({ github }) => void (github.limits.secondary = { times: 1, retryAfter: 1 }),
  ],
  [5, 'will hand a job over as its runner is deleted', lateHandover],
  [3, 'lied about who is busy', lie],
  [1, 'named runners twice', duplicate],
  [1, 'gave no tags', withoutTags],
  [4, 'the owner paused everything', pauseAll],
  [4, 'the owner paused a pool', pausePool],
  [2, 'the owner restarted or removed a runner', endRunner],
];

export function makeTrouble(site: Site, random: Random): Trouble {
  const counts = new Map<string, number>();
  const stop = new AbortController();
  const running = disturb(site, random, counts, stop.signal);
  return {
    counts,
    async end() {
      stop.abort();
      await running;
      const { github } = site;
      github.faults.clear();
      Object.assign(github.world, { lateHandover: null, lyingBusy: null, duplicates: false });
      github.limits.secondary = { times: 0, retryAfter: 1 };
    },
  };
}

async function disturb(
  site: Site,
  random: Random,
  counts: Map<string, number>,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    await sleep(random.between(200, 2500));
    const [name, deed] = random.pick(deeds.map(([weight, name, deed]) => [weight, [name, deed] as const]));
    // What has struck nobody for a while does not pile up.
    if (random.chance(0.4)) site.github.faults.clear();
    counts.set(name, (counts.get(name) ?? 0) + 1);
    site.github.latency = random.pick([
      [4, 0],
      [2, 30],
      [1, 250],
    ]);
    await deed(site, random);
  }
}

function lateHandover({ github }: Site, random: Random): void {
  github.world.lateHandover = { do: random.chance(0.5) ? 'refused' : 'raced', times: 2 };
}

/** For some seconds idle runners seem busy, or busy ones idle. */
async function lie({ github }: Site, random: Random): Promise<void> {
  const says = random.chance(0.5);
  github.world.lyingBusy = () => says;
  await sleep(random.between(500, 6000));
  github.world.lyingBusy = null;
}

async function duplicate({ github }: Site): Promise<void> {
  github.world.duplicates = true;
  await sleep(3000);
  github.world.duplicates = false;
}

async function withoutTags({ github }: Site): Promise<void> {
  github.etags = false;
  await sleep(3000);
  github.etags = true;
}

async function pauseAll({ link }: Site, random: Random): Promise<void> {
  await link.ask('pause', { pool: null, reason: 'chaos', end: { kind: 'indefinite' } });
  await sleep(random.between(50, 2500));
  await link.ask('resume', { pool: null });
}

async function pausePool({ link }: Site, random: Random): Promise<void> {
  const pool = random.pick([
    [2, 'person'],
    [2, 'company'],
    [1, 'kept'],
  ]);
  await link.ask('pause', { pool, reason: null, end: { kind: 'duration', milliseconds: 60_000 } });
  await sleep(random.between(50, 2500));
  await link.ask('resume', { pool });
}

async function endRunner({ link }: Site, random: Random): Promise<void> {
  const { runners } = await link.ask('runner.list', {});
  const runner = runners[Math.floor(random.next() * runners.length)]?.name;
  if (runner === undefined) return;
  try {
    if (random.chance(0.5)) await link.ask('runner.restart', { runner });
    else await link.ask('runner.remove', { runner, now: false });
  } catch (error) {
    // It has gone meanwhile, or GitHub gave no answer.
    if (!(error instanceof ProblemError)) throw error;
  }
}
