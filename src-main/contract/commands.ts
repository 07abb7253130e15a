/** The one typed map of commands: the same names over IPC, control socket and CLI; arguments are parsed at the boundary. */
import * as v from 'valibot';
import {
  type AccountView,
  AccountAddSchema,
  AccountBeginSchema,
  AccountIdSchema,
  AccountPlaceSchema,
  type SignIn,
  type SignInWays,
} from './account.ts';
import type { History } from './history.ts';
import type { HostProfile } from './host.ts';
import { type Job, type JobDetail, SubmissionSchema, type Submitted } from './job.ts';
import { type Pool, PoolEditSchema, PoolIdSchema } from './pool.ts';
import { type Problem, problem } from './problem.ts';
import { type Settings, SettingsEditSchema } from './settings.ts';
import type { ForeignAgent, Pause, RunnerView } from './snapshot.ts';

const nothing = v.object({});
const poolRef = v.object({ pool: PoolIdSchema });
const jobRef = v.object({ job: v.string() });
const runnerRef = v.object({ runner: v.string() });
const agentFolder = v.pipe(v.string(), v.maxLength(4096));

/** `until` is a deadline by the wall clock, `for` a length in milliseconds. */
export const PauseRequestSchema = v.object({
  pool: v.nullable(PoolIdSchema),
  /** One line: it stands in sentences, tables and tooltips. */
  reason: v.nullable(
    v.pipe(
      v.string(),
      v.transform((text) => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()),
      v.maxLength(200),
    ),
  ),
  end: v.variant('kind', [
    v.object({
      kind: v.literal('duration'),
      milliseconds: v.pipe(v.number(), v.minValue(1000), v.maxValue(366 * 86_400_000)),
    }),
    v.object({ kind: v.literal('until'), at: v.pipe(v.number(), v.minValue(0)) }),
    v.object({ kind: v.literal('restart') }),
    v.object({ kind: v.literal('indefinite') }),
  ]),
});
export type PauseRequest = v.InferOutput<typeof PauseRequestSchema>;

const stopHow = v.picklist(['drain', 'now', 'leave-running']);
export type StopHow = v.InferOutput<typeof stopHow>;

export const commandSchemas = {
  pause: PauseRequestSchema,
  resume: v.object({ pool: v.nullable(PoolIdSchema) }),
  stop: v.object({ how: stopHow }),
  'pool.add': v.object({ id: v.nullable(PoolIdSchema), pool: PoolEditSchema }),
  'pool.edit': v.object({ pool: PoolIdSchema, change: PoolEditSchema }),
  'pool.remove': poolRef,
  'pool.list': nothing,
  'pool.show': poolRef,
  'pool.check': poolRef,
  /** What `pool.check` would say of a pool before it is made. */
  'pool.try': v.object({ pool: PoolEditSchema }),
  /** The text of a workflow whose jobs fall back to machines of the forge while this one is away. */
  'pool.snippet': poolRef,
  'account.list': nothing,
  /** Signs in, and keeps the account; where that worked its login is told. */
  'account.add': AccountAddSchema,
  'account.remove': v.object({ account: AccountIdSchema }),
  /** Which ways to sign in there are here. */
  'account.ways': AccountPlaceSchema,
  /** Begins a sign-in by a code. */
  'account.begin': AccountBeginSchema,
  /** What can be served with this account: repositories, organisations, by name. */
  'account.scopes': v.object({ account: AccountIdSchema }),
  'runner.list': nothing,
  'runner.restart': runnerRef,
  /** One of ours ends; an offline one of another install is removed at its forge. */
  'runner.remove': v.object({ runner: v.string(), now: v.boolean() }),
  /** What `runner.adopt` would do; the agent is looked for afresh. */
  'runner.adoption': v.object({ folder: agentFolder }),
  /**
   * A pool in place of an agent in `folder` that somebody set up by hand and that does not run. Without `pool` it is one
   * that serves the same by the same account, else, or where `fresh` is wished, a new one.
   */
  'runner.adopt': v.object({
    folder: agentFolder,
    pool: v.nullable(PoolIdSchema),
    account: v.nullable(AccountIdSchema),
    fresh: v.boolean(),
  }),
  /** Stops work in the background, such as a download. */
  'work.cancel': v.object({ work: v.string() }),
  submit: SubmissionSchema,
  'job.list': v.object({ limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)) }),
  'job.show': jobRef,
  'job.cancel': jobRef,
  /** Copies what `--out` kept into `to`, an absolute directory. */
  'job.get': v.object({ job: v.string(), to: v.string() }),
  /** Submits what was asked in `job` once more, as a new job; a job of another forge is run again there. */
  'job.again': jobRef,
  why: jobRef,
  /** Jobs and spans since `from`, wall-clock milliseconds. */
  history: v.object({ from: v.pipe(v.number(), v.minValue(0)) }),
  'config.show': nothing,
  'config.edit': v.object({ change: SettingsEditSchema }),
  /** The whole configuration as text, to be read, kept and given to `config.import` elsewhere. It holds no secrets. */
  'config.export': nothing,
  /** Replaces settings and pools by those of `text`; refused whole where a field of it is wrong. */
  'config.import': v.object({ text: v.pipe(v.string(), v.maxLength(512 * 1024)) }),
  /** What one sends with a bug report: versions, machine, configuration, state, last log lines; nothing secret. */
  report: nothing,
  detect: v.object({ fresh: v.boolean() }),
} as const;

export type CommandName = keyof typeof commandSchemas;
export type CommandArgs<K extends CommandName> = v.InferOutput<(typeof commandSchemas)[K]>;

/** One preflight light of `pool check`. */
export interface Light {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  readonly hint: string | null;
  /** Where it can be mended; null: nowhere by a page. */
  readonly link: string | null;
  /** Not ok, and no runner is registered while that is so; what could not be asked blocks too. */
  readonly blocks: boolean;
}

/** A place whose jobs an account could serve. */
export interface ScopeOffer {
  /** As `--scope` takes it: `owner/repository`, an organisation, or `owner/*` for all repositories of one owner. */
  readonly scope: string;
  readonly kind: 'repository' | 'organisation' | 'repositories' | 'enterprise';
  readonly isPublic: boolean;
  /** May the account register runners there? */
  readonly admin: boolean;
}

/** How an agent of somebody else could be taken over. */
export interface Adoption {
  readonly agent: ForeignAgent;
  /** What it takes jobs of, as `--scope` takes it. */
  readonly scope: string;
  /** By each account at its host: none there, none can. */
  readonly choices: readonly {
    readonly account: string;
    /** Pools that serve the same. */
    readonly pools: readonly string[];
    /** The labels that its owner gave it; null: they could not be read, and `unread` says why. */
    readonly labels: readonly string[] | null;
    readonly unread: Problem | null;
  }[];
}

export interface CommandResults {
  pause: Pause;
  resume: { readonly resumed: boolean };
  /** Jobs that go on (drain, leave-running) or were ended (now), by name. */
  stop: { readonly jobs: readonly string[] };
  'pool.add': { readonly pool: Pool; readonly notes: readonly string[] };
  /** `notes` say what the change does to running runners. */
  'pool.edit': { readonly pool: Pool; readonly notes: readonly string[] };
  'pool.remove': { readonly notes: readonly string[] };
  'pool.list': { readonly pools: readonly Pool[] };
  'pool.show': { readonly pool: Pool };
  'pool.check': { readonly lights: readonly Light[] };
  'pool.try': { readonly pool: Pool; readonly lights: readonly Light[] };
  'pool.snippet': { readonly workflow: string };
  'account.list': { readonly accounts: readonly AccountView[] };
  'account.add': { readonly account: AccountView; readonly notes: readonly string[] };
  'account.remove': { readonly notes: readonly string[] };
  'account.ways': SignInWays;
  'account.begin': SignIn;
  'account.scopes': { readonly scopes: readonly ScopeOffer[] };
  'runner.list': { readonly runners: readonly RunnerView[] };
  'runner.restart': { readonly message: string };
  'runner.remove': { readonly message: string };
  'runner.adoption': Adoption;
  /** `made`: the pool is new. `labels` are those that it got; `agent` says what is left for its owner. */
  'runner.adopt': {
    readonly pool: Pool;
    readonly made: boolean;
    readonly labels: readonly string[];
    readonly agent: ForeignAgent;
    readonly notes: readonly string[];
  };
  'work.cancel': { readonly cancelled: boolean };
  submit: Submitted;
  'job.list': { readonly jobs: readonly Job[]; readonly total: number };
  'job.show': JobDetail;
  /** `notes` say what a forge elsewhere does about it. */
  'job.cancel': { readonly job: Job; readonly notes: readonly string[] };
  'job.get': { readonly files: readonly string[] };
  /** Why it does not start here, each a sentence; empty when it runs or has ended (see `state`). */
  why: { readonly job: Job; readonly why: readonly string[]; readonly offer: string | null };
  'job.again': Submitted;
  history: History;
  'config.show': ConfigView;
  'config.edit': { readonly settings: Settings; readonly notes: readonly string[] };
  'config.export': { readonly text: string };
  'config.import': { readonly notes: readonly string[] };
  report: { readonly text: string };
  detect: HostProfile;
}

export interface ConfigView {
  /** The absolute path of the file. */
  readonly file: string;
  readonly home: string;
  readonly settings: Settings;
  readonly defaults: Settings;
  /** A newer version wrote the file, or it may not be written: why; null where it can be changed. */
  readonly readOnly: string | null;
  readonly problems: readonly Problem[];
}

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandSchemas, name);
}

/** Parses what came over a boundary; throws a `usage` Problem that names the field. */
export function parseCommandArgs<K extends CommandName>(name: K, args: unknown): CommandArgs<K> {
  const result = v.safeParse(commandSchemas[name], args ?? {});
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  throw problem(
    'usage',
    `${name}: ${path === null ? '' : `${path}: `}${issue.message}.`,
    'See the command with --help.',
    path === null ? {} : { subject: path },
  );
}
