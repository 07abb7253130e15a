/** status, pause, resume, stop, why, detect, report, completion: one call each. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PauseRequest } from '../../contract/commands.ts';
import type { Pause } from '../../contract/snapshot.ts';
import { durationForms, nextClock, parseClock, parseDuration } from '../../core/duration.ts';
import { completionScript, shells } from '../completion.ts';
import { detectTable } from '../detect-format.ts';
import { exit } from '../exit-code.ts';
import { printable, statusText } from '../format.ts';
import { wrong } from '../parse.ts';
import { ask, show, withEither, withSupervisor } from '../reach.ts';
import type { Call, CommandSpec } from '../spec.ts';

const poolOption = { name: 'pool', value: 'POOL', help: 'Only this pool.' };

export const status: CommandSpec = {
  name: 'status',
  positionals: [],
  summary: 'What runs, what waits, and why.',
  options: [],
  run: (call) =>
    withSupervisor(call, async (api) => {
      const snapshot = await api.snapshot();
      return show(call, snapshot, () => statusText(snapshot, call.terminal.columns));
    }),
};

export const pause: CommandSpec = {
  name: 'pause',
  positionals: [],
  summary: 'Start nothing new; running jobs finish.',
  options: [
    { name: 'for', value: 'LENGTH', help: 'For so long: 90m, 4h.' },
    { name: 'until', value: 'TIME', help: 'Until 18:00, tomorrow (8:00), or restart.' },
    { name: 'reason', value: 'TEXT', help: 'Shown wherever the pause is.' },
    poolOption,
  ],
  examples: ['homerunner pause --for 90m --reason "video call"', 'homerunner pause --until restart'],
  run(call) {
    const request = { pool: call.args.get('pool'), reason: call.args.get('reason'), end: pauseEnd(call) };
    return withEither(call, async (api) => {
      const value = await ask(api, 'pause', request);
      return show(call, value, () => pauseText(value, call));
    });
  },
};

function pauseEnd(call: Call): PauseRequest['end'] {
  const { args, terminal } = call;
  const length = args.get('for');
  const until = args.get('until');
  if (length !== null && until !== null) throw wrong(pause, 'Give --for or --until, not both');
  if (length !== null) {
    const milliseconds = parseDuration(length);
    if (milliseconds === null || milliseconds < 1000)
      throw wrong(pause, `--for ${length} is not ${durationForms}`);
    return { kind: 'duration', milliseconds };
  }
  if (until === null) return { kind: 'indefinite' };
  if (until === 'restart') return { kind: 'restart' };
  const offsetAt = (at: number): number => -new Date(at).getTimezoneOffset();
  if (until === 'tomorrow') {
    // The next 8:00 that is more than four hours away (design 7.8).
    const at = nextClock({ hours: 8, minutes: 0 }, terminal.now(), offsetAt, 4 * 3_600_000);
    return { kind: 'until', at };
  }
  const clock = parseClock(until);
  if (clock === null)
    throw wrong(pause, `--until ${until} is not a time such as 18:00, "tomorrow" or "restart"`);
  return { kind: 'until', at: nextClock(clock, terminal.now(), offsetAt) };
}

function pauseText(value: Pause, call: Call): string {
  const what =
    call.args.get('pool') === null ? 'Paused' : `The pool ${call.args.get('pool') ?? ''} is paused`;
  if (value.kind === 'restart') return `${what} until the machine restarts.`;
  if (value.until === null) return `${what} until \`homerunner resume\`.`;
  const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(
    value.until,
  );
  return `${what} until ${when}.`;
}

export const resume: CommandSpec = {
  name: 'resume',
  positionals: [],
  summary: 'End a pause.',
  options: [poolOption],
  run: (call) =>
    withEither(call, async (api) => {
      const value = await ask(api, 'resume', { pool: call.args.get('pool') });
      return show(call, value, () => (value.resumed ? 'Resumed.' : 'It was not paused.'));
    }),
};

export const stop: CommandSpec = {
  name: 'stop',
  positionals: [],
  summary: 'End the supervisor; running jobs finish first.',
  options: [
    { name: 'now', help: 'End running jobs too.' },
    { name: 'leave-running', help: 'Leave running jobs to the next start.' },
    { name: 'yes', short: 'y', help: 'Do not ask.' },
  ],
  run(call) {
    const now = call.args.has('now');
    const leave = call.args.has('leave-running');
    if (now && leave) throw wrong(stop, 'Give --now or --leave-running, not both');
    return withSupervisor(call, async (api) => {
      const { runners, supervisor } = await api.snapshot();
      const running = runners.flatMap((r) => (r.job === null ? [] : [r.job.name]));
      if (now && !(await confirmed(call, running))) {
        call.terminal.note('Nothing was stopped.');
        return exit.failed;
      }
      const how = now ? 'now' : leave ? 'leave-running' : 'drain';
      const { jobs } = await ask(api, 'stop', { how });
      if (how === 'drain' && jobs.length > 0) {
        call.terminal.note(
          `Waiting for ${jobs.length} running job${jobs.length === 1 ? '' : 's'} to finish; Ctrl-C leaves this wait, the stop goes on.`,
        );
      }
      await api.closed;
      await processGone(supervisor.pid);
      return show(call, { stopped: true, jobs }, () => 'Stopped.');
    });
  },
};

/** Asks a person before running jobs are ended; a script has said --now. */
async function confirmed(call: Call, running: readonly string[]): Promise<boolean> {
  if (running.length === 0 || call.json || !call.terminal.interactive || call.args.has('yes')) return true;
  const names = running.map((name) => `  ${printable(name)}`).join('\n');
  const answer = await call.terminal.ask(`These jobs run and will be ended:\n${names}\nEnd them? [y/N] `);
  return answer !== null && /^y(es)?$/i.test(answer.trim());
}

/** It lets go of its home after its last words, so that another can start once this settles. */
async function processGone(pid: number): Promise<void> {
  // Not for ever: where nobody reaps it, a dead process looks alive.
  for (let looks = 0; looks < 100 && isThere(pid); looks += 1) await delay(20);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export const why: CommandSpec = {
  name: 'why',
  positionals: ['JOB'],
  summary: 'Why a waiting job does not start here.',
  options: [],
  run: (call) =>
    withSupervisor(call, async (api) => {
      const value = await ask(api, 'why', { job: call.args.at(0) });
      return show(call, value, () => {
        if (value.why.length > 0) return value.why.join('\n');
        if (value.job.state === 'queued') return 'Nothing holds it: it starts in a moment.';
        return value.job.result ?? `It is ${value.job.state}.`;
      });
    }),
};

export const detect: CommandSpec = {
  name: 'detect',
  positionals: [],
  summary: 'What this machine is and is good for.',
  options: [
    { name: 'record', value: 'FILE', help: 'Write what was read to FILE, masked, for a report.' },
    { name: 'replay', value: 'FILE', help: 'Read a recording instead of this machine.' },
    { name: 'verbose', help: 'Also each CPU and card, the evidence, and the time of each probe.' },
  ],
  async run(call) {
    const record = call.args.get('record');
    const replay = call.args.get('replay');
    if (record !== null && replay !== null) throw wrong(detect, 'Give --record or --replay, not both');
    const { profile, note } = await call.world.detect({ home: call.home, record, replay });
    if (note !== null) call.terminal.note(note);
    return show(call, profile, () => detectTable(profile, call.args.has('verbose'), call.terminal.columns));
  },
};

export const report: CommandSpec = {
  name: 'report',
  positionals: [],
  summary: 'What to send with a bug report; read it first.',
  options: [],
  examples: ['homerunner report > report.txt'],
  run: (call) =>
    withEither(call, async (api) => {
      const value = await ask(api, 'report', {});
      return show(call, value, () => value.text.trimEnd());
    }),
};

/** Needs all tables, so it is made from them. */
export function completion(specs: () => readonly CommandSpec[]): CommandSpec {
  const spec: CommandSpec = {
    name: 'completion',
    positionals: ['SHELL'],
    summary: 'A completion script for bash, zsh or fish.',
    options: [],
    examples: ['eval "$(homerunner completion bash)"'],
    run(call) {
      const shell = shells.find((name) => name === call.args.at(0));
      if (shell === undefined)
        throw wrong(spec, `There is no completion for ${call.args.at(0)}, only for ${shells.join(', ')}`);
      const script = completionScript(shell, specs());
      return Promise.resolve(show(call, { shell, script }, () => script));
    },
  };
  return spec;
}
