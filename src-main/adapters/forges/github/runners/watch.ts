/** What GitHub says of the runners at each place: asked in the background, told at once. */
import { problemOf } from '../../../../contract/problem.ts';
import type { Clock, Log } from '../../../../core/ports.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApi, GitHubApis } from '../api/types.ts';
import type { RunnerDto } from './dto.ts';
import { placeOf } from './place.ts';

/** Where runners are listed, and by which account. */
export interface RunnerPlace {
  readonly account: string;
  /** `owner/repository`, an organisation, or `enterprises/NAME`. */
  readonly scope: string;
}

export interface SeenRunner {
  readonly place: RunnerPlace;
  readonly runner: RunnerDto;
  /** Wall-clock milliseconds. */
  readonly seenAt: number;
}

export interface RunnerWatch {
  /** What is known of these places now; what is old is asked anew, and `changed` is called when something new is known. */
  look(places: readonly RunnerPlace[]): {
    readonly runners: readonly SeenRunner[];
    /** Places of which nothing is known, or nothing any more. */
    readonly unknown: readonly RunnerPlace[];
  };
  /** Something is about to be registered there, whether or not the answer tells of it. */
  registering(place: RunnerPlace): void;
  /** Tells it what was just done, which answers that are under way or lag do not show yet. */
  registered(place: RunnerPlace, id: string, runner: Pick<RunnerRecord, 'name' | 'labels'>): void;
  removed(scope: string, name: string): void;
  /** The place at which a runner of this name was last seen. */
  placeOf(name: string): RunnerPlace | null;
}

interface Known {
  readonly place: RunnerPlace;
  runners: readonly RunnerDto[];
  seenAt: number;
  /** Monotonic milliseconds; null: no good answer yet. */
  goodAt: number | null;
  triedAt: number;
  /** A limit says so; monotonic milliseconds. */
  notBefore: number;
  asking: boolean;
  failures: number;
  /** How many of the answers of late were new, 0 to 1: those cost of the hourly limit. */
  news: number;
}

/** Answers that are not new cost nothing: then each place is asked this often, else up to a minute apart. */
const oftenMs = 10_000;
const seldomMs = 60_000;
/** Where none of ours is, and answers cost, it is asked up to so many times more seldom. */
const restFactor = 10;
/** So long after a registration was tried one of ours may be there that nobody told us of. */
const triedMs = 180_000;
/** With more places than this each is asked less often. */
const placesAtEase = 6;
/** Where one of ours is, it is asked no more seldom: one that hangs is to be found within 90 s. */
const oursMs = 80_000;
/** Older than this, nothing is known any more. */
const staleMs = 120_000;
/** What is put off by a limit waits at least, and at most, so long. */
const soonMs = 250;
const hourMs = 3_600_000;
/** For so long GitHub's lists may not show what was done. */
const lagMs = 15_000;

export function runnerWatch(parts: {
  readonly apis: GitHubApis;
  readonly clock: Clock;
  readonly log: Log;
  readonly changed: (why: string) => void;
  readonly isOurs: (name: string) => boolean;
}): RunnerWatch {
  const known = new Map<string, Known>();
  const recent = recentDeeds(() => parts.clock.monotonic());
  const tried = new Map<string, number>();
  return {
    look(places) {
      const asked = entriesOf(places, known);
      const now = parts.clock.monotonic();
      const wall = parts.clock.now();
      const hasOurs = (entry: Known): boolean =>
        now - (tried.get(entry.place.scope.toLowerCase()) ?? -Infinity) < triedMs ||
        rowsOf(entry, recent).some(({ runner }) => parts.isOurs(runner.name));
      const crowd = Math.max(1, asked.length / placesAtEase);
      const rests = new Map<Known, number>();
      for (const entry of asked) {
        const isOurs = hasOurs(entry);
        const rest = isOurs ? 1 : 1 + (restFactor - 1) * entry.news;
        rests.set(entry, rest);
        const patience = Math.min(usualOf(entry) * crowd * rest, isOurs ? oursMs : Infinity);
        if (isDue(entry, patience, now)) void ask(entry, recent, parts);
      }
      // By both clocks: the monotonic one stands still while the machine sleeps.
      const isFresh = (entry: Known) => {
        const longest = Math.max(
          staleMs,
          3 * seldomMs * crowd * (entry.failures === 0 ? (rests.get(entry) ?? 1) : 1),
        );
        return entry.goodAt !== null && now - entry.goodAt < longest && wall - entry.seenAt < longest;
      };
      return {
        runners: asked.filter(isFresh).flatMap((entry) => rowsOf(entry, recent)),
        unknown: asked.filter((entry) => !isFresh(entry)).map(({ place }) => place),
      };
    },
    registering: ({ scope }) => void tried.set(scope.toLowerCase(), parts.clock.monotonic()),
    registered(place, id, { name, labels }) {
      tried.delete(place.scope.toLowerCase());
      recent.registered(place.scope, name, Number(id), labels);
    },
    removed: (scope, name) => recent.removed(scope, name),
    placeOf(name) {
      for (const { place, runners } of known.values())
        if (runners.some((runner) => runner.name === name)) return place;
      return null;
    },
  };
}

/** One entry a place: two accounts that reach the same one are not asked both. */
function entriesOf(places: readonly RunnerPlace[], known: Map<string, Known>): readonly Known[] {
  const entries = new Map<string, Known>();
  for (const place of places) {
    const key = place.scope.toLowerCase();
    if (entries.has(key)) continue;
    let entry = known.get(key);
    if (entry?.place.account !== place.account) entry = undefined;
    entry ??= {
      place,
      runners: [],
      seenAt: 0,
      goodAt: null,
      triedAt: -Infinity,
      notBefore: -Infinity,
      asking: false,
      failures: 0,
      news: 0,
    };
    known.set(key, entry);
    entries.set(key, entry);
  }
  return [...entries.values()];
}

const usualOf = ({ news }: Known): number => oftenMs + (seldomMs - oftenMs) * news;

/** `usual`: how long it waits, in milliseconds, while all goes well. */
function isDue({ asking, triedAt, notBefore, failures }: Known, usual: number, now: number): boolean {
  if (asking) return false;
  // What a limit put off is asked as soon as it allows.
  if (notBefore > triedAt) return now >= notBefore;
  const patience = failures === 0 ? usual : Math.min(seldomMs, 5000 * 2 ** (failures - 1));
  return now - triedAt >= patience;
}

async function ask(
  entry: Known,
  recent: Deeds,
  { apis, clock, log, changed }: Parameters<typeof runnerWatch>[0],
): Promise<void> {
  const { account, scope } = entry.place;
  entry.asking = true;
  entry.triedAt = clock.monotonic();
  try {
    const answer = await runnersAt(await apis.of(account), scope);
    const before = JSON.stringify(entry.runners);
    const first = entry.goodAt === null;
    recent.confirm(scope, answer.items, entry.triedAt);
    Object.assign(entry, {
      runners: answer.items,
      seenAt: clock.now(),
      goodAt: clock.monotonic(),
      failures: 0,
      news: (entry.news + (answer.unchanged ? 0 : 1)) / 2,
    } satisfies Partial<Known>);
    if (first || JSON.stringify(answer.items) !== before) changed(`GitHub told of the runners at ${scope}.`);
  } catch (error) {
    const { code, message, retryAt } = problemOf(error);
    if (code === 'rate-limited') {
      entry.notBefore = clock.monotonic() + Math.min(hourMs, Math.max(soonMs, (retryAt ?? 0) - clock.now()));
      return;
    }
    entry.failures += 1;
    log.warn(`The runners at ${scope} could not be asked for.`, { account, code, message });
  } finally {
    entry.asking = false;
  }
}

async function runnersAt(
  api: GitHubApi,
  scope: string,
): Promise<{ items: readonly RunnerDto[]; unchanged: boolean }> {
  const { route, parameters } = placeOf(scope);
  const answer = await api.all<RunnerDto>(`GET ${route}/actions/runners`, parameters, {
    key: 'runners',
    urgency: 'poll',
  });
  // A list that changes while its pages are read can name one twice.
  return { ...answer, items: [...new Map(answer.items.map((runner) => [runner.id, runner])).values()] };
}

function rowsOf({ place, runners, seenAt }: Known, recent: Deeds): SeenRunner[] {
  return recent.applied(place.scope, runners).map((runner) => ({ place, runner, seenAt }));
}

// ---------------------------------------------------------------- what was just done

interface Deeds {
  registered(scope: string, name: string, id: number, labels: readonly string[]): void;
  removed(scope: string, name: string): void;
  /** What an answer that was asked for at `askedAt` shows needs no memory. */
  confirm(scope: string, runners: readonly RunnerDto[], askedAt: number): void;
  applied(scope: string, runners: readonly RunnerDto[]): readonly RunnerDto[];
}

interface Deed {
  readonly at: number;
  /** Null: it was removed. */
  readonly runner: RunnerDto | null;
}

function recentDeeds(monotonic: () => number): Deeds {
  const deeds = new Map<string, Map<string, Deed>>();
  const at = (scope: string): Map<string, Deed> => {
    const key = scope.toLowerCase();
    const found = deeds.get(key) ?? new Map<string, Deed>();
    deeds.set(key, found);
    return found;
  };
  const note = (scope: string, name: string, runner: RunnerDto | null) =>
    void at(scope).set(name, { at: monotonic(), runner });
  return {
    registered(scope, name, id, labels) {
      const row = {
        id,
        name,
        status: 'offline',
        busy: false,
        labels: labels.map((label) => ({ name: label })),
      };
      note(scope, name, row);
    },
    removed: (scope, name) => note(scope, name, null),
    confirm(scope, runners, askedAt) {
      const names = new Set(runners.map((runner) => runner.name));
      for (const [name, deed] of at(scope)) {
        const isShown = (deed.runner !== null) === names.has(name);
        if (askedAt > deed.at && (isShown || askedAt - deed.at > lagMs)) at(scope).delete(name);
      }
    },
    applied(scope, runners) {
      const rows = new Map(runners.map((runner) => [runner.name, runner]));
      for (const [name, { runner }] of at(scope)) {
        if (runner === null) rows.delete(name);
        else if (!rows.has(name)) rows.set(name, runner);
      }
      return [...rows.values()];
    },
  };
}
