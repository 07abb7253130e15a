/** The live load of jobs, measured only while a view shows it and the window is seen. */
import { type LoadHistory, sampleMs, withLoad } from '../model/load.ts';

let history = $state.raw<LoadHistory>({});
let watchers = 0;
let stop: (() => void) | null = null;

export const load = {
  get history(): LoadHistory {
    return history;
  },
};

/** Somebody shows the load; returns the end of it. */
export function watchLoad(): () => void {
  watchers += 1;
  if (watchers === 1) document.addEventListener('visibilitychange', adjust);
  adjust();
  return () => {
    watchers -= 1;
    if (watchers === 0) document.removeEventListener('visibilitychange', adjust);
    adjust();
  };
}

function adjust(): void {
  const wanted = watchers > 0 && !document.hidden;
  if (wanted && stop === null) {
    const stream = { over: false };
    const end = window.homerunner.stream(
      'load',
      { interval: sampleMs },
      {
        item: (item) => {
          history = withLoad(history, item);
        },
        end: () => {
          stream.over = true;
          stop = null;
          // The supervisor went: when it is back, so is its load.
          setTimeout(adjust, sampleMs);
        },
      },
    );
    // It may have ended while it was being opened.
    if (!stream.over) stop = end;
  } else if (!wanted && stop !== null) {
    stop();
    stop = null;
  }
}
