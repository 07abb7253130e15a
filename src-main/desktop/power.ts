/** Sleep and waking, and the end of the session. Linux delivers sleep and waking twice: nothing here minds. */
import { powerMonitor } from 'electron';
import type { Log } from '../core/ports.ts';

export interface PowerWish {
  readonly resumed: () => void;
  /** The machine goes down: there is little time. */
  readonly shutdown: () => void;
  readonly log: Log;
}

/** After the application is ready. */
export function followPower({ resumed, shutdown, log }: PowerWish): void {
  let asleep = false;
  powerMonitor.on('suspend', () => {
    if (!asleep) log.info('The machine goes to sleep.');
    asleep = true;
  });
  powerMonitor.on('resume', () => {
    if (asleep) log.info('The machine is awake again.');
    asleep = false;
    resumed();
  });
  powerMonitor.on('unlock-screen', resumed);
  powerMonitor.on('shutdown', (event?: { preventDefault?: () => void }) => {
    // Asks the system for the moment that it takes to write down what is true.
    event?.preventDefault?.();
    shutdown();
  });
}
