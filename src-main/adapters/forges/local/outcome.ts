/** What became of a job, from how its process ended. */
import type { JobOutcome } from '../../../contract/job.ts';
import type { JobEnd } from '../../../core/forge-port.ts';
import type { JobRow, Outcome } from '../../../core/ports.ts';

type Verdict = Pick<Outcome, 'state' | 'exitCode' | 'result' | 'endedBy'>;

/** Exit codes of ends that are not the job's own: as `timeout`, `docker run` and the shell have them. */
const timeLimitCode = 124;
const lostCode = 125;
const cancelledCode = 130;
const killedCode = 137;

/** The outcome of `row` that ended as `end` says; `beside` is what failed next to the job itself (an output that is missing). */
export function outcomeOf(row: JobRow, end: JobEnd, beside: Outcome['problem']): Outcome {
  return {
    ...verdict(row, end),
    endedAt: end.endedAt,
    peak: end.peak,
    problem: end.problem ?? beside,
  };
}

function verdict(row: JobRow, end: JobEnd): Verdict {
  switch (end.by) {
    case 'owner':
      return say('cancelled', cancelledCode, 'It was cancelled by the owner.', end.by);
    case 'stop-now':
      return say('cancelled', cancelledCode, 'It was ended because Homerunner was stopped at once.', end.by);
    case 'time-limit':
      return say('failed', timeLimitCode, overTime(row), end.by);
    case 'out-of-memory':
      return say(
        'failed',
        end.exitCode ?? killedCode,
        'It used more memory than its runner has, and the kernel ended it.',
        end.by,
      );
    case null:
    case 'job':
    case 'machine':
    case 'unknown':
      return byItself(end);
  }
}

function byItself({ exitCode, problem, by }: JobEnd): Verdict {
  if (problem !== null && problem.code !== 'job-lost')
    return say('failed', lostCode, problem.message, 'unknown');
  if (exitCode === 0) return say('succeeded', 0, 'It succeeded.', 'job');
  if (exitCode !== null) return say('failed', exitCode, failed(exitCode), 'job');
  const sentence =
    by === 'machine'
      ? 'The machine went down while it ran.'
      : 'It was killed before it could leave an exit code: by the system, by another program, or as the machine went down.';
  return say('lost', lostCode, problem?.message ?? sentence, by === 'machine' ? by : 'unknown');
}

function failed(code: number): string {
  return code > 128 && code <= 192
    ? `It was ended by signal ${code - 128} (exit code ${code}).`
    : `It failed with exit code ${code}.`;
}

function overTime({ submission }: JobRow): string {
  const seconds = submission?.timeoutSeconds ?? 0;
  return `It ran longer than its time limit${seconds > 0 ? ` of ${inWords(seconds)}` : ''} and was ended.`;
}

function inWords(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function say(state: JobOutcome, exitCode: number, result: string, endedBy: Verdict['endedBy']): Verdict {
  return { state, exitCode, result, endedBy };
}
