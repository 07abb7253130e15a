/**
 * What the agent says on its console and what it means: the one place that knows its words (actions/runner 2.336). They
 * are hints; whether a job runs is told by the worker's process.
 */
import { type Problem, problem, type ProblemCode } from '../../../../contract/problem.ts';
import type { AgentResult } from '../../../../core/agent-port.ts';

export type Meaning =
  | { readonly kind: 'listening' | 'reconnected' }
  | { readonly kind: 'begins'; readonly job: string }
  | { readonly kind: 'ends'; readonly job: string; readonly result: AgentResult }
  /** It goes on trying: over as soon as it listens or is connected again. */
  | { readonly kind: 'trouble'; readonly problem: Problem; readonly isVague?: true }
  /** It will end, or has ended, because of this. */
  | { readonly kind: 'over'; readonly problem: Problem };

const results: Readonly<Record<string, AgentResult>> = {
  Succeeded: 'succeeded',
  SucceededWithIssues: 'succeeded',
  Failed: 'failed',
  Canceled: 'cancelled',
  Skipped: 'skipped',
  Abandoned: 'abandoned',
};

/** `stamped`: only behind a time, as the agent writes what it does; else also bare. */
interface Phrase {
  readonly pattern: RegExp;
  readonly stamped?: true;
  readonly means: (groups: readonly string[]) => Meaning;
}

const trouble = (...says: Parameters<typeof say>) => ({ kind: 'trouble', problem: say(...says) }) as const;
const over = (...says: Parameters<typeof say>) => ({ kind: 'over', problem: say(...says) }) as const;
const say = (code: ProblemCode, message: string, hint: string): Problem =>
  problem(code, message, hint).problem;

const replaced = 'It is removed and replaced by itself.';

const phrases: readonly Phrase[] = [
  { pattern: /^Listening for Jobs$/, stamped: true, means: () => ({ kind: 'listening' }) },
  { pattern: /^Runner reconnected\.$/, stamped: true, means: () => ({ kind: 'reconnected' }) },
  { pattern: /^Running job: (.*)$/, stamped: true, means: ([job = '']) => ({ kind: 'begins', job }) },
  {
    // A job may be called by these words itself: the last ones count.
    pattern: /^Job (.*) completed with result: (\w+)$/,
    stamped: true,
    means: ([job = '', result = '']) => ({ kind: 'ends', job, result: results[result] ?? 'failed' }),
  },
  {
    pattern: /^Runner connect error: (.*?)\.? Retrying until reconnected\.$/,
    stamped: true,
    // Its cause may have been told in the line before.
    means: ([why = '']) => ({
      ...trouble(
        'forge-unreachable',
        `The runner has lost GitHub: ${why.slice(0, 200)}.`,
        'It tries again by itself.',
      ),
      isVague: true,
    }),
  },
  {
    pattern: /Runner version v?(\S+) is deprecated and cannot receive messages/,
    means: ([version = '']) =>
      over(
        'agent-outdated',
        `GitHub takes no runner of version ${version} any more.`,
        'A newer one is used next.',
      ),
  },
  {
    pattern: /^Runner update in progress, do not shutdown runner\./,
    means: () =>
      over(
        'agent-outdated',
        'GitHub wants the runner to be newer.',
        'The newest version is used for the next one.',
      ),
  },
  {
    pattern: /^A session for this runner already exists\./,
    means: () =>
      trouble(
        'name-taken',
        'Another process works under the name of this runner.',
        'It waits for that one to end.',
      ),
  },
  {
    pattern: /Stop retry on SessionConflictException/,
    means: () => over('name-taken', 'Another process works under the name of this runner.', replaced),
  },
  {
    pattern:
      /The runner registration has been deleted from the server|The runner no longer exists on the server/,
    means: () => over('not-found', 'The runner was deleted at GitHub.', replaced),
  },
  {
    pattern: /Not configured\. Run config/,
    means: () => over('unexpected', 'The runner has lost its configuration.', replaced),
  },
  {
    pattern: /The local machine's clock may be out of sync with the server time/,
    means: () =>
      trouble(
        'forge-unreachable',
        'GitHub refuses the runner because this machine’s clock is wrong by more than five minutes.',
        'Set the clock, best by a time service.',
      ),
  },
  {
    pattern: /dependencies is missing for Dotnet|Couldn't find a valid ICU package|libicu/i,
    means: () =>
      over(
        'tool-missing',
        'The runner needs libraries that this machine does not have (libicu, libssl).',
        'Install them: bin/installdependencies.sh in the folder of the agent does it, as root.',
      ),
  },
  {
    pattern: /No space left on device|There is not enough space on the disk/,
    means: () =>
      over(
        'disk-reserve',
        'The runner found the disk full.',
        'Free some space on the volume of the home folder.',
      ),
  },
];

/** What a line means, and when it was said (wall-clock milliseconds; null: it does not tell); null: nothing. */
export function meaningOf(line: string): { readonly meaning: Meaning; readonly at: number | null } | null {
  const [, time, rest] = /^\uFEFF?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ): (.*)$/.exec(line) ?? [];
  const text = rest ?? line;
  for (const { pattern, stamped, means } of phrases) {
    if (stamped === true && time === undefined) continue;
    const groups = pattern.exec(text);
    if (groups !== null)
      return {
        meaning: means(groups.slice(1)),
        at: time === undefined ? null : Date.parse(time.replace(' ', 'T')),
      };
  }
  return null;
}

const outdated = say(
  'agent-outdated',
  'GitHub takes no runner of this version any more.',
  'A newer one is used next.',
);

/**
 * What an exit code of `Runner.Listener` means where its words said nothing; null: nothing is wrong. A runner that was
 * killed (null), interrupted or terminated (130, 143) has done as it was told.
 */
export function exitProblem(code: number | null): Problem | null {
  switch (code) {
    case null:
    case 0:
    case 130:
    case 137:
    case 143:
      return null;
    case 3:
    case 4:
    case 7:
      return outdated;
    case 5:
      return say('name-taken', 'Another process worked under the name of this runner.', replaced);
    default:
      return say(
        'unexpected',
        `The runner ended by itself (exit code ${code}).`,
        'It is replaced by itself; its log and the folder _diag in it say more.',
      );
  }
}
