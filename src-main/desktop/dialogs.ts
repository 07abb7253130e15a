/** Questions and news that need no window of ours. */
import { type BrowserWindow, dialog, type MessageBoxOptions, nativeImage } from 'electron';
import type { StopHow } from '../contract/commands.ts';
import type { Problem } from '../contract/problem.ts';

async function show(parent: BrowserWindow | null, options: MessageBoxOptions): Promise<number> {
  const answer = await (parent === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(parent, options));
  return answer.response;
}

/** The first few by name, the others by number. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => `• ${name.length > 80 ? `${name.slice(0, 79)}…` : name}`);
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** What shall become of running jobs; null: nothing, the owner stays. */
export async function askAboutJobs(
  parent: BrowserWindow | null,
  icon: string,
  jobs: readonly string[],
): Promise<StopHow | null> {
  const [one, them] = jobs.length === 1 ? ['1 job runs', 'it'] : [`${jobs.length} jobs run`, 'them'];
  const answers: readonly (readonly [string, StopHow | null])[] = [
    ['Finish first', 'drain'],
    [`Leave ${them} running`, 'leave-running'],
    [`End ${jobs.length === 1 ? 'the job' : `${jobs.length} jobs`} now`, 'now'],
    ['Cancel', null],
  ];
  const chosen = await show(parent, {
    type: 'question',
    icon: nativeImage.createFromPath(icon),
    title: 'Quit Homerunner',
    message: `${one} on this machine.`,
    detail: `${listed(jobs)}\n\nFinish first: no new jobs are taken, and Homerunner quits when the last has ended. Left running, ${them === 'it' ? 'it is' : 'they are'} taken up again at the next start. Ended, the work of ${them} is lost.`,
    buttons: answers.map(([label]) => label),
    defaultId: 0,
    cancelId: 3,
    noLink: true,
  });
  return answers[chosen]?.[1] ?? null;
}

/** Where no icon can be shown: go on without one, or quit? */
export async function askWithoutTray(parent: BrowserWindow, icon: string): Promise<'go-on' | 'quit'> {
  const chosen = await show(parent, {
    type: 'question',
    icon: nativeImage.createFromPath(icon),
    title: 'Homerunner goes on',
    message: 'This desktop has no place for an icon. Go on without one?',
    detail:
      'Runners go on in the background. Start Homerunner again to see this window; `homerunner status` and `homerunner stop` work in a terminal.',
    buttons: ['Go on without an icon', 'Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return chosen === 1 ? 'quit' : 'go-on';
}

/** A command from the tray failed. */
export async function tell(parent: BrowserWindow | null, { message, hint }: Problem): Promise<void> {
  await show(parent, { type: 'warning', title: 'Homerunner', message, detail: hint, buttons: ['Close'] });
}
