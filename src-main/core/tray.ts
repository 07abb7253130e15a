/** What the tray shows, as data: the sentence of the state, the icon, the items. Drawn by the desktop, read by the CLI. */
import type { AllowanceView, Pause, RunnerView, Snapshot } from '../contract/snapshot.ts';
import type { Problem } from '../contract/problem.ts';

export interface SentenceFacts {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly stopping: boolean;
  readonly pause: Pause | null;
  readonly allowance: AllowanceView;
  readonly runners: readonly RunnerView[];
  readonly waiting: number;
  readonly pools: number;
  readonly problems: readonly Problem[];
  /** Formats a moment for people in their own time zone ("15:40", "Thu 08:00"). */
  readonly clock: (at: number) => string;
}

/** The one sentence and the state behind the icon's shape. */
export function stateOf(f: SentenceFacts): { state: Snapshot['state']; sentence: string } {
  const running = f.runners.filter((r) => r.job !== null || r.phase === 'busy').length;
  const finishing = running === 0 ? '' : `; ${jobs(running)} ${running === 1 ? 'is' : 'are'} finishing`;
  if (f.stopping) return { state: 'stopping', sentence: `Stopping${finishing}.` };
  if (f.pause !== null) return { state: 'paused', sentence: `${pauseWords(f.pause, f.clock)}${finishing}.` };
  const reason = f.allowance.reasons[0];
  if (!f.allowance.newRunners && reason !== undefined) {
    return { state: 'paused', sentence: `${reason.message.replace(/\.$/, '')}${finishing}.` };
  }
  const trouble = f.problems[0];
  const waits = f.waiting === 0 ? '' : `, ${f.waiting} waiting`;
  if (running > 0) return { state: 'working', sentence: `Working on ${jobs(running)}${waits}.` };
  if (trouble !== undefined) return { state: 'problem', sentence: trouble.message };
  if (f.waiting > 0)
    return { state: 'working', sentence: `${jobs(f.waiting)} ${f.waiting === 1 ? 'waits' : 'wait'}.` };
  if (f.pools === 0) return { state: 'idle', sentence: 'Nothing to do: there is no pool yet.' };
  return { state: 'idle', sentence: 'Idle, ready for jobs.' };
}

function jobs(n: number): string {
  return `${n} job${n === 1 ? '' : 's'}`;
}

function pauseWords(pause: Pause, clock: (at: number) => string): string {
  const by = pause.by === 'owner' ? ' by you' : '';
  const because = pause.reason === null ? '' : ` (${pause.reason})`;
  if (pause.kind === 'restart') return `Paused${by} until the machine restarts${because}`;
  return pause.until === null
    ? `Paused${by} until you resume${because}`
    : `Paused${by} until ${clock(pause.until)}${because}`;
}

/** One entry of the tray's menu. Volatile figures stay out of labels: a changed menu closes an open one. */
export interface TrayItem {
  readonly id: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly items: readonly TrayItem[];
}

export interface TrayModel {
  readonly icon: 'idle' | 'working' | 'paused' | 'problem';
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

const pauseChoices: readonly (readonly [string, string])[] = [
  ['pause:15m', '15 minutes'],
  ['pause:1h', '1 hour'],
  ['pause:4h', '4 hours'],
  ['pause:tomorrow', 'Until tomorrow 8:00'],
  ['pause:restart', 'Until restart'],
  ['pause:forever', 'Until I resume'],
];

/** The tray of a snapshot; its first line and its tooltip are the snapshot's sentence. */
export function trayModel(snapshot: Snapshot): TrayModel {
  const item = (id: string, label: string, items: readonly TrayItem[] = [], enabled = true): TrayItem => ({
    id,
    label,
    enabled,
    items,
  });
  const pauseItems = pauseChoices.map(([id, label]) => item(id, label));
  const running = snapshot.runners.flatMap((r) =>
    r.job === null ? [] : [item(`job:${r.job.id}`, r.job.name, [item(`log:${r.job.id}`, 'Open log')])],
  );
  const pools = snapshot.pools.map((p) =>
    item(`pool:${p.id}`, p.name, [
      p.paused === null ? item(`pool-pause:${p.id}`, 'Pause') : item(`pool-resume:${p.id}`, 'Resume'),
    ]),
  );
  return {
    icon: snapshot.state === 'stopping' ? 'paused' : snapshot.state,
    tooltip: snapshot.sentence,
    items: [
      item('status', snapshot.sentence, [], false),
      snapshot.pause === null ? item('pause', 'Pause', pauseItems) : item('resume', 'Resume'),
      ...(pools.length > 0 ? [item('pools', 'Pools', pools)] : []),
      ...(running.length > 0 ? [item('jobs', 'Running jobs', running)] : []),
      item('open', 'Open Homerunner'),
      item('quit', 'Quit'),
    ],
  };
}
