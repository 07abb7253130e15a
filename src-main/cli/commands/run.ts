/** run: become the supervisor, in the foreground, until a signal or `stop`. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { problemOf } from '../../contract/problem.ts';
import { greeting } from '../detect-format.ts';
import { exit } from '../exit-code.ts';
import { ask } from '../reach.ts';
import type { Call, CommandSpec } from '../spec.ts';
import { together, type Together } from '../together.ts';
import type { Hosted } from '../world.ts';

/** One Ctrl-C may arrive twice, from the terminal and passed on by npm: signals this close together are one. */
const sameSignalMs = 500;

export const run: CommandSpec = {
  name: 'run',
  positionals: [],
  summary: 'Run the supervisor in this terminal until Ctrl-C.',
  options: [
    { name: 'welcome', help: 'Say what this machine is, and make a local pool where there is none.' },
  ],
  async run(call) {
    // Whoever read our output has gone; the jobs have not.
    call.terminal.onClosed(() => undefined);
    const events = together((sentences) => {
      if (call.json) for (const message of sentences) call.terminal.json({ event: 'note', message });
      else call.terminal.note(sentences.join('\n'));
    });
    const hosted = await host(call, events);
    events.flush();
    stopOnSignals(call, hosted);
    if (call.json) call.terminal.json({ event: 'ready', pid: hosted.pid, home: hosted.home });
    else call.terminal.print(`homerunner ready (pid ${hosted.pid}, home ${hosted.home})`);
    if (call.args.has('welcome')) await welcomed(call, hosted);
    await hosted.ended;
    events.flush();
    if (call.json) call.terminal.json({ event: 'stopped' });
    return exit.done;
  },
};

/** A command that edits while no supervisor runs holds the home for a moment. */
const editMs = 5000;

async function host(call: Call, events: Together): Promise<Hosted> {
  const end = performance.now() + editMs;
  for (;;) {
    try {
      return await call.world.host({
        home: call.home,
        cwd: call.terminal.cwd,
        say: (sentence) => {
          events.say(sentence);
        },
      });
    } catch (error) {
      const held = problemOf(error).code === 'already-running';
      if (!held || performance.now() > end || (await answers(call))) throw error;
      await delay(50);
    }
  }
}

/** Does a supervisor accept for this home? */
async function answers(call: Call): Promise<boolean> {
  try {
    (await call.world.connect(call.home)).close();
    return true;
  } catch (error) {
    return problemOf(error).code !== 'no-supervisor';
  }
}

function stopOnSignals(call: Call, hosted: Hosted): void {
  let first = -Infinity;
  let stopping = false;
  const onSignal = (): void => {
    const now = performance.now();
    if (stopping && now - first < sameSignalMs) return;
    if (stopping) {
      call.terminal.note('Ending running jobs now.');
      void hosted.stop('now');
      return;
    }
    [first, stopping] = [now, true];
    void hosted.stop('drain').then((jobs) => {
      if (jobs.length > 0) {
        call.terminal.note(
          `Stopping when ${jobs.join(', ')} ${jobs.length === 1 ? 'has' : 'have'} finished; Ctrl-C again ends ${jobs.length === 1 ? 'it' : 'them'} now.`,
        );
      }
    });
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

/** A greeting that fails is no reason to end. */
async function welcomed(call: Call, hosted: Hosted): Promise<void> {
  try {
    await welcome(call, hosted);
  } catch (error) {
    const { message, hint } = problemOf(error);
    call.terminal.note(`${message} ${hint}`);
  }
}

async function welcome(call: Call, { api }: Hosted): Promise<void> {
  const say = (text: string): void => {
    if (call.json) call.terminal.json({ event: 'note', message: text });
    else call.terminal.print(text);
  };
  const profile = await ask(api, 'detect', { fresh: false });
  say(`\n${greeting(profile)}`);
  const { pools } = await ask(api, 'pool.list', {});
  if (pools.length === 0) {
    say(
      '\nThere is no pool yet, so a local one is made: it runs jobs that you submit from your own repositories.',
    );
    say('Nothing is sent anywhere. Jobs run as you: your files and keys are readable to them.');
    await ask(api, 'pool.add', { id: null, pool: { forge: 'local' } });
  }
  const command = commandName(call);
  say(
    `\nTry next, in another terminal, in any git repository:\n  ${command} submit --wait -- make test\n  ${command} status\nCtrl-C stops it.`,
  );
}

/** How to call this program from any folder: by its name where that is on the PATH, else by its path. */
function commandName({ terminal }: Call): string {
  const self = process.argv[1] ?? '';
  const onPath = (terminal.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((dir) => dir !== '' && !dir.includes('node_modules') && existsSync(path.join(dir, 'homerunner')));
  return onPath ? 'homerunner' : `node ${quoted(self)}`;
}

/** A path as it can be pasted into a shell. */
function quoted(text: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(text)) return text;
  return process.platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`;
}
