/** job list, show, logs, get, again, cancel; runner list, logs, restart, remove. */
import path from 'node:path';
import type { StreamArgs } from '../../contract/api.ts';
import type { Job, JobDetail } from '../../contract/job.ts';
import type { ForeignAgent } from '../../contract/snapshot.ts';
import { formatDuration } from '../../core/duration.ts';
import { memoryText } from '../../core/sizes.ts';
import { exit } from '../exit-code.ts';
import { facts, jobTable, printable, runnerTable } from '../format.ts';
import { LogOutput, logText } from '../log-output.ts';
import { wrong } from '../parse.ts';
import { ask, show, withEither, withSupervisor } from '../reach.ts';
import type { Call, CommandSpec } from '../spec.ts';
import type { Connected } from '../world.ts';

const followOption = { name: 'follow', short: 'f', help: 'Go on until the job has ended.' };

export const jobList: CommandSpec = {
  name: 'job list',
  positionals: [],
  summary: 'Jobs that this machine ran or runs, newest first.',
  options: [{ name: 'limit', value: 'N', help: 'So many at most; 50 by default.' }],
  run: (call) => {
    const limit = Number(call.args.get('limit') ?? '50');
    if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
      throw wrong(jobList, '--limit is a whole number from 1 to 10000');
    return withEither(call, async (api) => {
      const value = await ask(api, 'job.list', { limit });
      return show(call, value, () =>
        value.jobs.length === 0
          ? 'No job yet.'
          : jobTable(value.jobs, call.terminal.now(), call.terminal.columns),
      );
    });
  },
};

export const jobShow: CommandSpec = {
  name: 'job show',
  positionals: ['JOB'],
  summary: 'One job, all of it.',
  options: [],
  run: (call) =>
    withEither(call, async (api) => {
      const value = await ask(api, 'job.show', { job: call.args.at(0) });
      return show(call, value, () => detailText(value, call.terminal.now()));
    }),
};

function detailText({ job, submission, commit, outputs, problem }: JobDetail, now: number): string {
  const time = (at: number | null): string | null => (at === null ? null : new Date(at).toLocaleString());
  return facts([
    ['Job', job.id],
    [submission === null ? 'Name' : 'Command', submission?.command.join(' ') ?? job.name],
    ['Page', job.url],
    ['Folder', submission?.dir ?? null],
    ['Commit', commit],
    ['Labels', job.labels.join(', ')],
    ['State', job.state],
    ['Result', job.result],
    ['Exit code', job.exitCode === null ? null : String(job.exitCode)],
    ['Ended by', job.endedBy],
    ['Pool', job.pool],
    ['Runner', job.runner],
    ['Submitted', time(job.createdAt)],
    ['Started', time(job.startedAt)],
    ['Ended', time(job.endedAt)],
    ['Took', job.startedAt === null ? null : formatDuration((job.endedAt ?? now) - job.startedAt)],
    ['Most cores', job.peak.cpu === null ? null : String(Math.round(job.peak.cpu * 10) / 10)],
    ['Most memory', job.peak.memoryMiB === null ? null : memoryText(job.peak.memoryMiB)],
    ['Attempt', job.attempt === 1 && job.retriedAs === null ? null : String(job.attempt)],
    ['Attempt before', job.retryOf],
    ['Next attempt', job.retriedAs],
    ['Outputs', outputs.join(', ')],
    ['Problem', problem === null ? null : `${problem.message} ${problem.hint}`],
  ]);
}

export const jobLogs: CommandSpec = {
  name: 'job logs',
  positionals: ['JOB'],
  summary: 'The output of a job.',
  options: [followOption],
  run: (call) =>
    withEither(call, async (api) => {
      const { job } = await ask(api, 'job.show', { job: call.args.at(0) });
      if (job.forge !== 'local' && job.url !== null && job.startedAt !== null && !call.json)
        call.terminal.note(printable(`What its steps print is at its forge: ${job.url}`));
      return logs(call, api, { job: job.id, runner: null });
    }),
};

export const jobGet: CommandSpec = {
  name: 'job get',
  positionals: ['JOB', '[DIR]'],
  summary: 'Copy what --out kept into DIR.',
  options: [],
  run: (call) =>
    withSupervisor(call, async (api) => {
      const to = path.resolve(call.terminal.cwd, call.args.positionals[1] ?? '.');
      const value = await ask(api, 'job.get', { job: call.args.at(0), to });
      return show(call, value, () =>
        value.files.length === 0 ? 'It kept no outputs.' : value.files.join('\n'),
      );
    }),
};

export const jobAgain: CommandSpec = {
  name: 'job again',
  positionals: ['JOB'],
  summary: 'Run a job once more: here at the commit that it ran, or at its forge.',
  options: [],
  run: (call) =>
    withSupervisor(call, async (api) => {
      const value = await ask(api, 'job.again', { job: call.args.at(0) });
      for (const note of value.notes) call.terminal.note(note);
      return show(call, value, () => againText(value.job));
    }),
};

function againText({ id, forge, name, url }: Job): string {
  if (forge === 'local') return `Submitted as ${id}. See it with \`homerunner job logs -f ${id}\`.`;
  return printable(`${name} runs again at its forge${url === null ? '.' : `: ${url}`}`);
}

export const jobCancel: CommandSpec = {
  name: 'job cancel',
  positionals: ['JOB'],
  summary: 'End a job, or take a waiting one back.',
  options: [],
  run: (call) =>
    withSupervisor(call, async (api) => {
      const value = await ask(api, 'job.cancel', { job: call.args.at(0) });
      for (const note of value.notes) call.terminal.note(note);
      return show(call, value, () =>
        value.job.state === 'cancelled'
          ? `The job ${value.job.id} was cancelled.`
          : `The job ${value.job.id} is being ended.`,
      );
    }),
};

export const runnerList: CommandSpec = {
  name: 'runner list',
  positionals: [],
  summary: 'All runners and what they do.',
  options: [],
  run: (call) =>
    withSupervisor(call, async (api) => {
      const value = await ask(api, 'runner.list', {});
      return show(call, value, () =>
        value.runners.length === 0
          ? 'No runner: they are made when work comes.'
          : runnerTable(value.runners, call.terminal.now(), call.terminal.columns),
      );
    }),
};

export const runnerLogs: CommandSpec = {
  name: 'runner logs',
  positionals: ['NAME'],
  summary: 'The output of a runner, or of its present or last job.',
  options: [followOption],
  run: (call) => withSupervisor(call, (api) => logs(call, api, { job: null, runner: call.args.at(0) })),
};

export const runnerRestart: CommandSpec = {
  name: 'runner restart',
  positionals: ['NAME'],
  summary: 'Replace a runner, after its job.',
  options: [],
  run: (call) =>
    withSupervisor(call, async (api) => {
      const value = await ask(api, 'runner.restart', { runner: call.args.at(0) });
      return show(call, value, () => value.message);
    }),
};

export const runnerRemove: CommandSpec = {
  name: 'runner remove',
  positionals: ['NAME'],
  summary: 'End a runner after its job, or remove another’s offline one at its forge.',
  options: [{ name: 'now', help: 'End its job too.' }],
  run: (call) =>
    withSupervisor(call, async (api) => {
      const value = await ask(api, 'runner.remove', { runner: call.args.at(0), now: call.args.has('now') });
      return show(call, value, () => value.message);
    }),
};

export const runnerAdopt: CommandSpec = {
  name: 'runner adopt',
  positionals: ['FOLDER'],
  summary: 'A pool in place of a runner that was set up by hand and does not run.',
  options: [
    {
      name: 'pool',
      value: 'POOL',
      help: 'The pool that takes its jobs; by default one that serves the same, else a new one.',
    },
    { name: 'new', help: 'A new pool even where one serves the same.' },
    { name: 'account', value: 'ACCOUNT', help: 'By which account, where several are at its host.' },
  ],
  run(call) {
    if (call.args.has('new') && call.args.has('pool'))
      throw wrong(runnerAdopt, 'Give --pool or --new, not both');
    return withSupervisor(call, async (api) => {
      const folder = path.resolve(call.terminal.cwd, call.args.at(0));
      const value = await ask(api, 'runner.adopt', {
        folder,
        pool: call.args.get('pool'),
        account: call.args.get('account'),
        fresh: call.args.has('new'),
      });
      for (const note of [...value.notes, ...leftOf(value.agent)]) call.terminal.note(note);
      const labels = value.labels.length === 0 ? '' : ` It got the labels ${value.labels.join(', ')}.`;
      return show(
        call,
        value,
        () => `The pool ${value.pool.id} ${value.made ? 'was made' : 'takes its jobs'}.${labels}`,
      );
    });
  },
};

/** What its owner has still to do with an agent that was taken over. */
function leftOf({ name, commands: { uninstall, remove } }: ForeignAgent): readonly string[] {
  return [
    ...(uninstall === null ? [] : [`Its service is yours to remove: \`${uninstall}\`.`]),
    `The registration ${name} is still at GitHub: \`${remove}\` takes it away; then its folder can be deleted.`,
  ];
}

async function logs(
  call: Call,
  api: Connected,
  of: Pick<StreamArgs<'log'>, 'job' | 'runner'>,
): Promise<number> {
  const follow = call.args.has('follow');
  if (call.json && !follow) {
    call.terminal.json({ ...of, log: await logText(api, { ...of, follow }) });
    return exit.done;
  }
  await new LogOutput(call).copy(api, { ...of, follow });
  if (call.json) call.terminal.json({ ...of, ended: true });
  return exit.done;
}
