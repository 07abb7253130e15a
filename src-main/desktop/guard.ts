/** What happens when something fails that nobody expected: it is written down, and the program begins anew, once. */
import { writeFileSync } from 'node:fs';
import { app } from 'electron';
import type { Log } from '../core/ports.ts';
import { mayRelaunch } from './crashes.ts';

export interface GuardWish {
  readonly log: Log;
  readonly now: () => number;
  /** The words it was started with, and when it started itself again after a crash. */
  readonly words: readonly string[];
  readonly afterCrash: number | null;
  /** Where it is noted that drawing with the graphics card has crashed. */
  readonly softwareNote: string;
}

/**
 * Jobs run detached and what was begun is written down, so that the next start takes everything up: after a failure in
 * this process that is better than to go on half. A promise that nobody waited for is only written down.
 */
export function guard({ log, now, words, afterCrash, softwareNote }: GuardWish): void {
  process.on('uncaughtException', (error) => {
    log.error('Something failed that should not have; the program begins anew.', { trace: error.stack });
    if (mayRelaunch(afterCrash, now()))
      app.relaunch({ args: [...words, '--background', '--after-crash', String(now())] });
    app.exit(1);
  });
  process.on('unhandledRejection', (reason) => {
    const trace = reason instanceof Error ? reason.stack : String(reason);
    log.error('Something failed that nobody waited for.', { trace });
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.warn('A process of the window has gone.', { type, reason, exitCode });
    if (type === 'GPU') writeFileSync(softwareNote, '');
  });
}
