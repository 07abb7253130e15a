/** Shape and colour of phases and outcomes: each has its own outline, and its word beside it. */
import type { JobState } from '../../src-main/contract/job.ts';
import type { Phase } from '../../src-main/contract/snapshot.ts';
import type { IconName } from './icons.ts';

export interface Look {
  readonly icon: IconName;
  readonly tone: 'run' | 'ok' | 'warn' | 'bad' | 'still';
}

const wait: Look = { icon: 'wait', tone: 'still' };

export const jobLooks: Readonly<Record<JobState, Look>> = {
  queued: wait,
  assigned: wait,
  running: { icon: 'run', tone: 'run' },
  succeeded: { icon: 'ok', tone: 'ok' },
  failed: { icon: 'bad', tone: 'bad' },
  cancelled: { icon: 'cancelled', tone: 'still' },
  lost: { icon: 'lost', tone: 'warn' },
};

export const phaseLooks: Readonly<Record<Phase, Look>> = {
  planned: wait,
  registering: wait,
  preparing: wait,
  starting: wait,
  idle: { icon: 'idle', tone: 'still' },
  busy: { icon: 'run', tone: 'run' },
  draining: { icon: 'held', tone: 'still' },
  removing: { icon: 'cancelled', tone: 'still' },
  gone: { icon: 'cancelled', tone: 'still' },
  failed: { icon: 'warn', tone: 'warn' },
  stuck: { icon: 'warn', tone: 'warn' },
};
