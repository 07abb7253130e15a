/** The runners of our install at GitHub: registered, watched, fenced, removed; those of others are only shown. */
import { problem } from '../../../../contract/problem.ts';
import type { ForeignView } from '../../../../contract/snapshot.ts';
import type { Clock, Log } from '../../../../core/ports.ts';
import type { ForgeRunner, RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApi, GitHubApis } from '../api/types.ts';
import { fence, remove } from './end.ts';
import { named, removeStranger, type Stranger, strangerView } from './foreign.ts';
import { groupIds } from './groups.ts';
import { ownLabels, runnersNamed } from './lookup.ts';
import { isOurs } from './ours.ts';
import { register, type Registered } from './register.ts';
import { type RunnerPlace, type RunnerWatch, runnerWatch, type SeenRunner } from './watch.ts';

export interface RunnersParts {
  readonly apis: GitHubApis;
  /** Six hex digits: what is ours has them in its name. */
  readonly install: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Something new is known. */
  readonly wake: (why: string) => void;
  /** The job that a runner has now, as far as another part knows; GitHub's runners do not tell. */
  readonly jobOn: (runner: string) => ForgeRunner['job'];
  /** Has GitHub told of the end of a job that this runner had? */
  readonly isOver: (runner: string) => boolean;
  /** The same, and asks for it where one was last seen at work; never throws. */
  readonly hasEnded: (runner: string, account: string) => Promise<boolean>;
}

/** A registration to remove; where it is registered is looked up in what was seen when it is not told. */
interface Removal {
  readonly name: string;
  readonly registration: string | null;
  readonly scope: string | null;
  readonly account: string | null;
}

export interface GitHubRunners {
  /**
   * Registers by name; one of ours of the same name that is left from a crash is replaced. Throws `name-taken`,
   * `not-found` (a group that is not there), `config-field` (what GitHub refuses), and what a request throws.
   */
  register(record: RunnerRecord): Promise<Registered>;
  /** The id of a runner that registered itself; null: there is none of this name. */
  idOf(record: RunnerRecord): Promise<string | null>;
  fence(record: RunnerRecord): Promise<'fenced' | 'busy' | 'unknown'>;
  /** Absent is success; throws `forge-unreachable` with the time to repeat it while GitHub holds the runner busy. */
  remove(runner: Removal): Promise<void>;
  /**
   * What is known now of our runners at these places, without waiting: what is older than some seconds is asked anew.
   * Nothing may be concluded for a runner whose scope is in `unknown`.
   */
  list(places: readonly RunnerPlace[]): {
    readonly runners: readonly ForgeRunner[];
    readonly unknown: ReadonlySet<string>;
  };
  /** Runners of others that were offline at the places last listed. */
  foreign(): readonly ForeignView[];
  /** By the name under which it is shown. Throws `usage` where it is online again, `not-found` where none is shown. */
  removeForeign(name: string): Promise<void>;
  /** The labels that the owner of a runner, of whomever, gave it. Throws `not-found`. */
  labelsOf(runner: {
    readonly account: string;
    readonly scope: string;
    readonly name: string;
  }): Promise<string[]>;
}

export function githubRunners(parts: RunnersParts): GitHubRunners {
  const { apis, install, clock, log } = parts;
  const isOursHere = (name: string): boolean => isOurs(name, install);
  const watch = runnerWatch({ apis, clock, log, changed: parts.wake, isOurs: isOursHere });
  const desk: Desk = { ...parts, watch, oneJob: new Set(), isOursHere };
  return { ...registering(desk), ...ending(desk), ...shown(desk) };
}

interface Desk extends RunnersParts {
  readonly watch: RunnerWatch;
  /** Those registered for one job since we began. */
  readonly oneJob: Set<string>;
  readonly isOursHere: (name: string) => boolean;
}

function registering({
  apis,
  install,
  clock,
  watch,
  oneJob,
}: Desk): Pick<GitHubRunners, 'register' | 'idOf'> {
  const groups = groupIds(() => clock.monotonic());
  return {
    async register(record) {
      const { place, api } = await at(record, apis);
      watch.registering(place);
      const registered = await register(record, place.scope, api, install, groups);
      if (registered.kind === 'jit') {
        watch.registered(place, registered.id, record);
        oneJob.add(record.name);
      }
      return registered;
    },
    async idOf(record) {
      const { place, api } = await at(record, apis);
      const id = (await runnersNamed(api, place.scope, record.name))[0]?.id;
      if (id === undefined) return null;
      watch.registered(place, String(id), record);
      return String(id);
    },
  };
}

function ending(desk: Desk): Pick<GitHubRunners, 'fence' | 'remove'> {
  const { apis, clock, watch, oneJob } = desk;
  return {
    async fence(record) {
      if (oneJob.has(record.name) && desk.isOver(record.name)) {
        watch.removed(record.scope ?? '', record.name);
        return 'fenced';
      }
      const { place, api } = await at(record, apis);
      const answer = await fence(record, place.scope, api);
      if (answer === 'fenced' && record.oneJob) watch.removed(place.scope, record.name);
      return answer;
    },
    async remove(runner) {
      if (!desk.isOursHere(runner.name)) return;
      const told = runner.scope !== null && runner.account !== null;
      const known = told ? runner : watch.placeOf(runner.name);
      if (known === null) return;
      const { place, api } = await at(known, apis);
      // GitHub itself removes such a one with the end of its job; should it ever not, it is a ghost like any other.
      const isGone = oneJob.has(runner.name) && (await desk.hasEnded(runner.name, place.account));
      if (!isGone) await remove(runner, place.scope, api, clock.now());
      watch.removed(place.scope, runner.name);
      oneJob.delete(runner.name);
    },
  };
}

function shown(desk: Desk): Pick<GitHubRunners, 'list' | 'foreign' | 'removeForeign' | 'labelsOf'> {
  const { apis, install, clock, watch, wake } = desk;
  const strangers = newStrangers(install);
  return {
    list(places) {
      const { runners, unknown } = watch.look(places);
      strangers.see(runners);
      return {
        runners: runners
          .filter(({ runner }) => desk.isOursHere(runner.name))
          .map((seen) => forgeRunner(seen, desk.jobOn(seen.runner.name))),
        unknown: new Set(unknown.map(({ scope }) => scope)),
      };
    },
    foreign: () =>
      [...named(strangers.all())].map(([name, stranger]) => strangerView(name, stranger, clock.now())),
    async removeForeign(name) {
      const stranger = strangers.called(name);
      await removeStranger(stranger, await apis.of(stranger.place.account));
      watch.removed(stranger.place.scope, stranger.runner.name);
      wake(`The runner ${name} was removed.`);
    },
    labelsOf: async ({ account, scope, name }) => ownLabels(await apis.of(account), scope, name),
  };
}

async function at(
  { scope, account }: { readonly scope: string | null; readonly account: string | null },
  apis: GitHubApis,
): Promise<{ readonly place: RunnerPlace; readonly api: GitHubApi }> {
  if (scope === null || account === null)
    throw problem('usage', 'A runner at GitHub needs a scope and an account.', 'Name both in its pool.');
  return { place: { account, scope }, api: await apis.of(account) };
}

function forgeRunner({ runner, seenAt }: SeenRunner, job: ForgeRunner['job']): ForgeRunner {
  return {
    name: runner.name,
    forge: 'github',
    id: String(runner.id),
    online: runner.status === 'online',
    busy: runner.busy,
    // One-job runners are gone once they are fenced; those that persist have lost their labels.
    fenced: runner.labels.length === 0,
    job: runner.busy ? job : null,
    seenAt,
  };
}

/** Who else is offline at the places that are looked at, and since when. */
function newStrangers(install: string): {
  see(seen: readonly SeenRunner[]): void;
  all(): readonly Stranger[];
  /** By the name under which it is shown; throws `not-found`. */
  called(name: string): Stranger;
} {
  let known = new Map<string, Stranger>();
  return {
    see(seen) {
      const now = new Map<string, Stranger>();
      for (const { place, runner, seenAt } of seen) {
        if (isOurs(runner.name, install) || runner.status !== 'offline' || runner.busy) continue;
        const key = `${place.scope.toLowerCase()}#${runner.id}`;
        now.set(key, { place, runner, since: known.get(key)?.since ?? seenAt });
      }
      known = now;
    },
    all: () => [...known.values()],
    called(name) {
      const stranger = named([...known.values()]).get(name);
      if (stranger !== undefined) return stranger;
      throw problem(
        'not-found',
        `There is no foreign runner called ${name}.`,
        'Look at `homerunner status`.',
      );
    },
  };
}
