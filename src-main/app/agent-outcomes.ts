/** How jobs of agents that wait end in the history: by the words of the agent, or because nobody told. */
import type { JobOutcome } from '../contract/job.ts';
import type { AgentJob, AgentResult } from '../core/agent-port.ts';
import type { ForgeJob } from '../core/forge-port.ts';
import type { Outcome } from '../core/ports.ts';
import type { RunnerRecord } from '../core/runner.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';

const states: Readonly<Record<AgentResult, JobOutcome>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'cancelled',
  abandoned: 'lost',
};

const sentences: Readonly<Record<AgentResult, string>> = {
  succeeded: 'It succeeded.',
  failed: 'It failed.',
  cancelled: 'It was cancelled.',
  skipped: 'It was skipped.',
  abandoned: 'Its agent gave it up.',
};

/** The outcome by the agent's own words; `endedAt` is wall-clock milliseconds, `stop` how we are stopping. */
export function ownOutcome(
  record: RunnerRecord,
  { result: told }: AgentJob,
  endedAt: number,
  stop: State['stop'],
): Outcome {
  const result = told ?? 'abandoned';
  const isOurs = result !== 'succeeded' && record.ending?.now === true && record.signalledAt !== null;
  return {
    state: states[result],
    exitCode: null,
    result: sentences[result],
    endedBy: isOurs ? (stop === 'now' ? 'stop-now' : 'owner') : 'job',
    endedAt,
    peak: { cpu: null, memoryMiB: null },
    problem: null,
  };
}

/** The outcome of a job whose agent was gone before its end; `job` is what its forge knows of it. */
export function lostOutcome(
  record: RunnerRecord,
  told: AgentJob,
  job: ForgeJob | null,
  { runtime, clock }: Pick<Deps, 'runtime' | 'clock'>,
): Outcome {
  const message = `The agent of ${record.name} was gone before its job had ended.`;
  return {
    state: 'lost',
    exitCode: null,
    result: `${message} Run it again at its forge.`,
    endedBy: runtime.endedBy(record.name) ?? 'unknown',
    endedAt: job?.endedAt ?? clock.now(),
    peak: runtime.peak(record.name),
    problem: {
      code: 'job-lost',
      message,
      hint: `\`homerunner job again\` asks the forge to run ${told.name} once more.`,
      subject: record.name,
    },
  };
}
