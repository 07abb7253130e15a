/**
 * `npm run chaos`: the supervisor is killed at each fault point and at random moments under load; afterwards each job
 * must have exactly one outcome and nothing may be left over. Ends with 1 on any violation; the evidence is kept then.
 * `--kills N --jobs N --seed N`; `--only points|kills`, `--point NAME` a part; `--twice` crashes at each point twice.
 */
import { parseArgs } from 'node:util';
import { type FaultPoint, faultPoints } from '../../src-main/core/fault.ts';
import { columns } from '../support/columns.ts';
import { type KillsResult, randomKills } from './kills.ts';
import { crashAt } from './points.ts';
import { removeSite, type Site } from './site.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    jobs: { type: 'string', default: '1600' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    point: { type: 'string' },
    twice: { type: 'boolean', default: false },
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

/** Removes what is not needed as evidence; the number of violations, told one a line. */
async function judge(what: string, site: Site, violations: readonly string[]): Promise<number> {
  if (violations.length === 0) await removeSite(site);
  else {
    site.link.close();
    say(`${what}: ${violations.length} violations; the evidence is in ${site.dir}`);
    for (const violation of violations) say(`  ${violation}`);
  }
  return violations.length;
}

async function atEachPoint(points: readonly FaultPoint[], seed: number): Promise<number> {
  const rows: (readonly string[])[] = [['fault point', 'deaths', 'violations']];
  let count = 0;
  for (const point of points) {
    const { deaths, site, violations } = await crashAt(point, seed, values.twice);
    const found = await judge(point, site, violations);
    rows.push([point, String(deaths), found === 0 ? '0' : `${found}  ${site.dir}`]);
    count += found;
  }
  process.stdout.write(`${columns(rows)}\n\n`);
  return count;
}

async function atRandom(seed: number): Promise<number> {
  const result = await randomKills({ kills: number('kills'), jobs: number('jobs'), seed, say });
  const found = await judge('random kills', result.site, result.violations);
  process.stdout.write(`${columns(countsOf(result))}\n\n`);
  return found;
}

function countsOf({ killed, killedStarting, load, site, violations }: KillsResult): (readonly string[])[] {
  const ends = [...load.outcomes.values()];
  const count = (state: string): string => String(ends.filter((job) => job.state === state).length);
  const unknown = [...load.submitted.values()].filter((s) => s.accepted === null).length;
  const starts = [...site.supervisor.starts].sort((a, b) => a - b);
  return [
    ['random kill -9', String(killed)],
    ['  of these while starting', String(killedStarting)],
    ['jobs accepted', String(load.accepted)],
    ['submissions whose answer was lost', String(unknown)],
    ['outcomes (with retries)', String(ends.length)],
    ...['succeeded', 'failed', 'cancelled', 'lost'].map((state) => [`  ${state}`, count(state)]),
    ['start until ready, median', `${Math.round(starts[starts.length >> 1] ?? 0)} ms`],
    ['  longest', `${Math.round(starts.at(-1) ?? 0)} ms`],
    ['violations', String(violations.length)],
  ];
}

function pointsAsked(): readonly FaultPoint[] {
  if (values.point === undefined) return faultPoints;
  const points = faultPoints.filter((point) => point === values.point);
  if (points.length > 0) return points;
  throw new Error(`There is no fault point ${values.point}: ${faultPoints.join(', ')}.`);
}

async function main(): Promise<void> {
  const seed = number('seed');
  say(`seed ${seed}`);
  let violations = 0;
  if (values.only !== 'kills') violations += await atEachPoint(pointsAsked(), seed);
  if (values.only !== 'points' && values.point === undefined) violations += await atRandom(seed);
  process.stdout.write(
    violations === 0 ? `no violation (seed ${seed})\n` : `${violations} violations (seed ${seed})\n`,
  );
  process.exitCode = violations === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
