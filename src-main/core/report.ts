/** The text that goes with a bug report: to be read first by the one who sends it. */
import type { HostProfile } from '../contract/host.ts';
import type { Job } from '../contract/job.ts';
import type { Problem } from '../contract/problem.ts';
import type { Snapshot } from '../contract/snapshot.ts';

export interface ReportFacts {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly system: string;
  /** Null where it was not detected. */
  readonly machine: HostProfile | null;
  /** As exported. */
  readonly configuration: string;
  /** Null while no supervisor runs. */
  readonly snapshot: Snapshot | null;
  readonly problems: readonly Problem[];
  /** The newest lines of the log. */
  readonly log: readonly string[];
}

const longestLine = 1000;

/** Sections with a heading each; nothing is cleaned of secrets here but what jobs are called. */
export function reportText(facts: ReportFacts): string {
  const { versions, machine, snapshot, problems } = facts;
  return [
    'Homerunner report',
    'Read it before you send it: secrets and the names of user and host are masked where they were recognised,',
    'and jobs are shown by the first word of their command. Names of folders and pools are in it.',
    section('When', new Date(facts.at).toISOString()),
    section('Versions', lines(Object.entries(versions).map(([name, version]) => `${name} ${version}`))),
    section('System', facts.system),
    section('Problems', lines(problems.map(({ code, message, hint }) => `${code}: ${message} ${hint}`))),
    section('State', snapshot === null ? 'No supervisor runs.' : json(withoutCommands(snapshot))),
    section('Configuration', facts.configuration.trimEnd()),
    section('Machine', machine === null ? 'It was not detected.' : json(machine)),
    section('Log', lines(facts.log.map(shortened))),
    '',
  ].join('\n');
}

const section = (title: string, body: string) => `\n== ${title}\n${body}`;
const json = (value: unknown) => JSON.stringify(value, null, 2);
const lines = (all: readonly string[]) => (all.length === 0 ? 'None.' : all.join('\n'));
const shortened = (line: string) => (line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`);

/** The name of a job is its command line, in which anything may stand. */
function withoutCommands(snapshot: Snapshot): Snapshot {
  const named = <T extends Pick<Job, 'name' | 'url'>>(job: T): T => ({
    ...job,
    name: job.name.split(' ')[0] ?? '',
    url: null,
  });
  return {
    ...snapshot,
    jobs: snapshot.jobs.map(named),
    runners: snapshot.runners.map((runner) => ({
      ...runner,
      job: runner.job === null ? null : named(runner.job),
    })),
  };
}
