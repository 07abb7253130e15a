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
  /** Those of them that no pool takes. */
  readonly unmatched: number;
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
  const waits = `${jobs(f.waiting)} ${f.waiting === 1 ? 'waits' : 'wait'}.`;
  if (running > 0) {
    const sentence = `Running ${jobs(running)}.${f.waiting === 0 ? '' : ` ${waits}`}`;
    return { state: 'working', sentence };
  }
  if (trouble !== undefined) return { state: 'problem', sentence: trouble.message };
  if (f.waiting > f.unmatched) return { state: 'working', sentence: `Ready. ${waits}` };
  if (f.waiting > 0)
    return { state: 'idle', sentence: `Ready. ${waits.replace(/\.$/, '')} that no pool here takes.` };
  if (f.pools === 0) return { state: 'idle', sentence: 'Ready. Nothing asks this machine for work yet.' };
  return { state: 'idle', sentence: 'Ready. No job waits.' };
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
  ['15m', 'For 15 minutes'],
  ['1h', 'For 1 hour'],
  ['4h', 'For 4 hours'],
  ['tomorrow', 'Until tomorrow 8:00'],
  ['restart', 'Until the machine restarts'],
  ['forever', 'Until I resume'],
];

/** A menu is read at a glance: longer names are cut, longer lists end in a word about the rest. */
const longestLabel = 60;
const mostItems = 20;

function item(id: string, label: string, items: readonly TrayItem[] = [], enabled = true): TrayItem {
  return { id, label, enabled, items };
}

/** A name that others chose: one line, cut, and isolated, so that its direction of writing turns nothing else around. */
function named(name: string): string {
  const line = name.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  const letters = Array.from(line);
  const cut = letters.length <= longestLabel ? line : `${letters.slice(0, longestLabel - 1).join('')}…`;
  return /^[\p{ASCII}…]*$/u.test(cut) ? cut : `\u2068${cut}\u2069`;
}

function shortened(items: readonly TrayItem[], rest: string): readonly TrayItem[] {
  return items.length <= mostItems
    ? items
    : [...items.slice(0, mostItems - 1), item(rest, `${items.length - mostItems + 1} more in the window`)];
}

/** Of the whole host (`pool` is null: "pause:1h") or of one pool ("pause:1h:name"). */
function pauseItem(paused: boolean, pool: string | null): TrayItem {
  const of = pool === null ? '' : `:${pool}`;
  return paused
    ? item(`resume${of}`, 'Resume')
    : item(
        `pause${of}`,
        'Pause',
        pauseChoices.map(([length, label]) => item(`pause:${length}${of}`, label)),
      );
}

/** The tray of a snapshot; its first line and its tooltip are the snapshot's sentence. */
export function trayModel(snapshot: Snapshot): TrayModel {
  const running = snapshot.runners.flatMap(({ job }) =>
    job === null ? [] : [item(`job:${job.id}`, named(job.name), [item(`log:${job.id}`, 'Open log')])],
  );
  const pools = snapshot.pools.map((pool) =>
    item(`pool:${pool.id}`, named(pool.name), [pauseItem(pool.paused !== null, pool.id)]),
  );
  const stopping = snapshot.state === 'stopping';
  return {
    icon: snapshot.state === 'stopping' ? 'paused' : snapshot.state,
    tooltip: snapshot.sentence,
    items: [
      item('status', snapshot.sentence, [], false),
      ...(stopping ? [] : [pauseItem(snapshot.pause !== null, null)]),
      ...(stopping || pools.length === 0 ? [] : [item('pools', 'Pools', shortened(pools, 'open:pools'))]),
      ...(running.length === 0 ? [] : [item('jobs', 'Running jobs', shortened(running, 'open:jobs'))]),
      item('open', 'Open Homerunner'),
      item('quit', 'Quit Homerunner'),
    ],
  };
}

/** The tray while no supervisor answers; `canStart`: the owner may have it started here. */
export function trayWithout(problem: Problem, canStart: boolean): TrayModel {
  return {
    icon: canStart ? 'problem' : 'paused',
    tooltip: problem.message,
    items: [
      item('status', problem.message, [], false),
      ...(canStart ? [item('start', 'Start it here')] : []),
      item('open', 'Open Homerunner'),
      item('quit', 'Quit Homerunner'),
    ],
  };
}
