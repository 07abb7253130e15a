/** The live load of jobs and of the machine, each measured only while a view shows it and the window is seen. */
import type { StreamArgs, StreamItems } from '../../src-main/contract/api.ts';
import { type LoadHistory, type MachineHistory, sampleMs, withLoad, withMachine } from '../model/load.ts';

let history = $state.raw<LoadHistory>({});
let machine = $state.raw<MachineHistory>([]);

export const load = {
  get history(): LoadHistory {
    return history;
  },
  get machine(): MachineHistory {
    return machine;
  },
};

/** Somebody shows the load of the jobs; returns the end of it. */
export const watchLoad = watcher({ interval: sampleMs }, (item) => {
  history = withLoad(history, item);
});

/** Somebody shows the load of the machine and its graphics cards; returns the end of it. */
export const watchMachine = watcher({ interval: sampleMs, gpus: true }, (item) => {
  machine = withMachine(machine, item);
});

/** One stream for all that watch. */
function watcher(args: StreamArgs<'load'>, take: (item: StreamItems['load']) => void): () => () => void {
  let watchers = 0;
  let stop: (() => void) | null = null;

  function adjust(): void {
    const wanted = watchers > 0 && !document.hidden;
    if (wanted && stop === null) {
      const stream = { over: false };
      const end = window.homerunner.stream('load', args, {
        item: take,
        end: () => {
          stream.over = true;
          stop = null;
          // The supervisor went: when it is back, so is its load.
          setTimeout(adjust, sampleMs);
        },
      });
      // It may have ended while it was being opened.
      if (!stream.over) stop = end;
    } else if (!wanted && stop !== null) {
      stop();
      stop = null;
    }
  }

  return () => {
    watchers += 1;
    if (watchers === 1) document.addEventListener('visibilitychange', adjust);
    adjust();
    return () => {
      watchers -= 1;
      if (watchers === 0) document.removeEventListener('visibilitychange', adjust);
      adjust();
    };
  };
}
