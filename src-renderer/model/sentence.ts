/** The sentence of state in the window's own language: what it does now, then what waits or ends, and until when. */
import type { Pause, Reason, Snapshot } from '../../src-main/contract/snapshot.ts';
import { reactionTo } from '../../src-main/contract/problem.ts';
import type { IconName } from '../components/icons.ts';
import type { Speech } from '../texts/speech.ts';
import { deadline } from './format.ts';

export type Tone = 'run' | 'still' | 'warn' | 'bad';

export interface Sentence {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly first: string;
  readonly second: string | null;
  /** The line below: what it rests on. */
  readonly evidence: string | null;
  /** What `resume` would do about it, where that is more than ending a pause. */
  readonly goOn: string | null;
}

/** Runners that work now. */
export function busyRunners(snapshot: Pick<Snapshot, 'runners'>): Snapshot['runners'] {
  return snapshot.runners.filter((runner) => runner.job !== null || runner.phase === 'busy');
}

/** How many more jobs could begin now: the most that the smallest runner of any pool allows. */
export function roomOf(snapshot: Snapshot): number {
  const { cores, memoryMiB } = snapshot.capacity;
  if (!snapshot.allowance.newRunners) return 0;
  const working = busyRunners(snapshot);
  const idle = snapshot.runners.filter((runner) => runner.phase === 'idle').length;
  const most = snapshot.pools.map((pool) => {
    if (pool.paused !== null) return 0;
    const busy = working.filter((runner) => runner.pool === pool.id).length;
    const fit = Math.min(
      cores.free / Math.max(pool.runner.cores, 0.01),
      memoryMiB.free / Math.max(pool.runner.memoryMiB, 1),
    );
    // Idle runners hold capacity and take a job at once; the small number is for sums of tenths.
    return Math.min(pool.max - busy, Math.floor(fit + 1e-6) + idle);
  });
  return Math.max(0, Math.min(snapshot.allowance.ceiling - working.length, Math.max(0, ...most)));
}

/** The sentence of a snapshot. In order: needs you, stopping, paused by you, automatic reason, forge unknown, running, ready. */
export function sentenceOf(snapshot: Snapshot, speech: Speech): Sentence {
  const { t } = speech;
  const running = busyRunners(snapshot).length;
  const finishing = running > 0 ? t('state.finishing', { n: running }) : null;
  const needsYou = snapshot.problems.find((problem) => reactionTo(problem.code) === 'pause-pool');
  if (needsYou !== undefined)
    return sentence('bad', 'bad', needsYou.message, runningWords(running, speech), needsYou.hint);
  if (snapshot.state === 'stopping')
    return sentence(
      'held',
      'still',
      t('state.stopping'),
      running > 0 ? t('state.stopping.jobs', { n: running }) : t('state.stopping.none'),
    );
  if (snapshot.pause !== null) return pausedSentence(snapshot.pause, finishing, snapshot, speech);
  const reason = snapshot.allowance.reasons[0];
  if (reason !== undefined && !snapshot.allowance.newRunners)
    return reasonSentence(reason, finishing, snapshot.at, speech);
  return openSentence(snapshot, running, speech);
}

function sentence(
  icon: IconName,
  tone: Tone,
  first: string,
  second: string | null,
  evidence: string | null = null,
  goOn: string | null = null,
): Sentence {
  return { icon, tone, first, second, evidence, goOn };
}

function runningWords(running: number, speech: Speech): string | null {
  return running > 0 ? speech.t('state.running', { n: running }) : null;
}

function pausedSentence(
  pause: Pause,
  finishing: string | null,
  snapshot: Snapshot,
  speech: Speech,
): Sentence {
  const { t } = speech;
  const waits = snapshot.waitingTotal > 0 ? t('state.waits', { n: snapshot.waitingTotal }) : null;
  const first =
    pause.kind === 'restart'
      ? t('state.paused.restart')
      : pause.until === null
        ? t('state.paused.open')
        : t('state.paused.until', { time: deadline(pause.until, snapshot.at, speech) });
  const evidence = pause.reason === null ? null : t('state.paused.note', { reason: pause.reason });
  const more = finishing === null ? null : waits;
  return sentence(
    'held',
    'still',
    first,
    finishing ?? waits ?? t('state.nothingNew'),
    [more, evidence].filter((part) => part !== null).join(' ') || null,
  );
}

function reasonSentence(reason: Reason, finishing: string | null, now: number, speech: Speech): Sentence {
  const { t } = speech;
  if (reason.code === 'disk-reserve')
    return sentence('warn', 'warn', t('state.disk'), finishing ?? t('state.newWait'), reason.message);
  if (reason.code === 'unclean-shutdown') {
    const until =
      reason.until === null
        ? t('state.newWait')
        : t('state.unclean.until', { time: deadline(reason.until, now, speech) });
    return sentence('held', 'still', t('state.unclean'), until, finishing, t('state.unclean.goOn'));
  }
  return sentence('held', 'still', t('state.reason'), finishing, reason.message);
}

function openSentence(snapshot: Snapshot, running: number, speech: Speech): Sentence {
  const { t } = speech;
  const half = snapshot.allowance.reasons.some((reason) => reason.code === 'half-capacity');
  const evidence = half ? t('state.half') : null;
  const goOn = half ? t('state.half.goOn') : null;
  const unknown = snapshot.pools.filter((pool) => pool.demand === null).length;
  const waiting = snapshot.waitingTotal;
  const room = roomOf(snapshot);
  const trouble = snapshot.problems[0];
  if (trouble !== undefined && running === 0 && snapshot.state === 'problem')
    return sentence('warn', 'warn', trouble.message, null, trouble.hint);
  const waits = waiting > 0 ? t('state.waits', { n: waiting }) : null;
  if (running > 0) {
    const first = t('state.running', { n: running });
    const second =
      unknown > 0
        ? t('state.unknownForge', { n: unknown })
        : (waits ?? (room > 0 ? t('state.room', { n: room }) : t('state.full')));
    return sentence(
      unknown > 0 ? 'warn' : 'run',
      unknown > 0 ? 'warn' : 'run',
      first,
      second,
      evidence,
      goOn,
    );
  }
  if (snapshot.pools.length === 0)
    return sentence('idle', 'still', t('state.ready'), t('state.noPool'), evidence, goOn);
  if (unknown > 0)
    return sentence(
      'warn',
      'warn',
      t('state.ready'),
      t('state.unknownForge', { n: unknown }),
      evidence,
      goOn,
    );
  const ready = room > 0 ? t('state.ready.room', { n: room }) : t('state.ready.none');
  return sentence('idle', 'still', t('state.ready'), waits ?? ready, evidence, goOn);
}

/** The same in two short lines, for the foot of the side bar. */
export function shortState(snapshot: Snapshot, speech: Speech): { first: string; second: string | null } {
  const { t } = speech;
  const running = busyRunners(snapshot).length;
  const jobs = running > 0 ? t('side.jobs', { n: running }) : null;
  const waits = snapshot.waitingTotal > 0 ? t('side.waits', { n: snapshot.waitingTotal }) : null;
  if (snapshot.state === 'stopping') return { first: t('side.stopping'), second: jobs };
  if (snapshot.pause !== null) {
    const { until } = snapshot.pause;
    const end = until === null ? null : t('side.untilTime', { time: deadline(until, snapshot.at, speech) });
    return { first: jobs ?? t('side.paused'), second: jobs === null ? end : t('side.newWait') };
  }
  if (!snapshot.allowance.newRunners) return { first: jobs ?? t('side.none'), second: t('side.newWait') };
  if (jobs === null && snapshot.state === 'problem') return { first: t('side.problem'), second: waits };
  if (snapshot.pools.length === 0) return { first: t('side.none'), second: t('side.noPool') };
  return { first: jobs ?? t('side.ready'), second: waits ?? (jobs === null ? t('side.none') : null) };
}
