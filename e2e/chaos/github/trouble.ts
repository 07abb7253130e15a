/** What goes wrong at GitHub and what its owner does meanwhile, at random, until told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../support/github/faults.ts';
import { endRunner, pauseAll, pausePool } from '../owner.ts';
import type { Random } from '../random.ts';
import type { Load } from './load.ts';
import type { Site } from './site.ts';

export interface Trouble {
  /** How often what happened. */
  readonly counts: ReadonlyMap<string, number>;
  end(): Promise<void>;
}

type Deed = (site: Site, random: Random, load: Load) => Promise<void> | void;

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
  [8, 'the owner paused as jobs were handed over', pauseInHandOver],
  [3, 'lied about who is busy', lie],
  [1, 'named runners twice', duplicate],
  [1, 'gave no tags', withoutTags],
  [0.1, 'the owner paused everything', (site, random) => pauseAll(site, random.between(50, 2500))],
  [
    3,
    'the owner paused a pool',
    (site, random) => pausePool(site, random.pick(pools), random.between(50, 2500)),
  ],
  [2, 'the owner restarted or removed a runner', (site, random) => endRunner(site, random, () => true)],
];

/** Idle agents that persist are left a minute once they take no jobs any more: they are not paused often. */
const pools = [
  [6, 'person'],
  [6, 'company'],
  [0.1, 'kept'],
] as const;
const all = 0.02;

export function makeTrouble(site: Site, load: Load, random: Random): Trouble {
  const counts = new Map<string, number>();
  const stop = new AbortController();
  const running = disturb(site, load, random, counts, stop.signal);
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
  load: Load,
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
    await deed(site, random, load);
  }
}

/** Idle runners are taken out of service, and GitHub hands them a job in that moment. */
async function pauseInHandOver(site: Site, random: Random, load: Load): Promise<void> {
  site.github.world.lateHandover = {
    do: random.chance(0.5) ? 'refused' : 'raced',
    times: 3,
    queue: (runner) => load.queueFor(runner, random),
  };
  if (random.chance(all)) await pauseAll(site, random.between(300, 1500));
  else await pausePool(site, random.pick(pools), random.between(300, 1500));
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
