/**
 * `npm run chaos:github`: jobs of GitHub under faults of every kind and kill -9 of the supervisor and of agents;
 * afterwards each job was done exactly once, nothing is left over, nothing of others was touched and no secret was seen.
 * Ends with 1 on any violation; the evidence is kept then. `--jobs N --kills N --seed N`
 */
import { parseArgs } from 'node:util';
import { columns } from '../../support/columns.ts';
import { randomOf } from '../random.ts';
import { finish } from './finish.ts';
import { type Deaths, killAgents, killSupervisors, noDeaths } from './kills.ts';
import { requestRows } from './requests.ts';
import { SecretScan } from './secrets.ts';
import { closeSite, openSite } from './site.ts';
import { makeTrouble, type Told } from './trouble.ts';
import { Work } from './work.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    jobs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

function number(name: 'kills' | 'jobs' | 'seed'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${name} takes a whole number, not "${values[name]}".`);
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

async function main(): Promise<void> {
  const [seed, jobs, kills] = [number('seed'), number('jobs'), number('kills')];
  say(`seed ${seed}`);
  const began = performance.now();
  const site = await openSite();
  const work = new Work(site);
  const deaths = noDeaths();
  const scan = new SecretScan(site);
  const [calm, over] = [{ yet: false }, { yet: false }];
  const scanning = scan.watch(over);
  const trouble = makeTrouble(site, randomOf(seed + 1), calm);
  const wish = { kills, jobs, say };
  await Promise.all([
    work.queueAll(jobs, randomOf(seed)),
    killSupervisors(site, work, deaths, { ...wish, random: randomOf(seed + 2) }),
    killAgents(site, work, deaths, { ...wish, random: randomOf(seed + 3) }),
  ]);
  calm.yet = true;
  const told = await trouble;
  say(`All ${work.queued.length} jobs are queued; now everything comes to rest.`);
  const found = await finish(site, work, deaths);
  over.yet = true;
  await scanning;
  const violations = [...found, ...scan.violations];
  const rows = [
    ['jobs at GitHub', String(work.queued.length)],
    ...deathRows(deaths),
    ...troubleRows(told),
    ['looks for secrets', String(scan.scans)],
    ...requestRows(site.github, work.queued.length),
    ['seconds', String(Math.round((performance.now() - began) / 1000))],
    ['violations', String(violations.length)],
  ];
  process.stdout.write(`${columns(rows)}\n\n`);
  for (const violation of violations) say(`  ${violation}`);
  if (violations.length === 0) await closeSite(site);
  else say(`The evidence is in ${site.dir}.`);
  process.stdout.write(
    violations.length === 0
      ? `no violation (seed ${seed})\n`
      : `${violations.length} violations (seed ${seed})\n`,
  );
  process.exit(violations.length === 0 ? 0 : 1);
}

function deathRows({ supervisors, starting, listeners, whole }: Deaths): (readonly [string, string])[] {
  return [
    ['kill -9 of the supervisor', String(supervisors)],
    ['  of these while starting', String(starting)],
    ['kill -9 of an agent', String(listeners.size)],
    ['  of these with its worker', String(whole.size)],
  ];
}

function troubleRows({ faults, lateHandovers }: Told): (readonly [string, string])[] {
  const kinds = [...faults].map(([kind, times]) => `${kind} ${times}`).join(', ');
  return [
    ['faults', kinds],
    ['jobs handed over as their runner was removed', String(lateHandovers)],
  ];
}

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
