/** What is told in passing: a toast to see, and one polite region to hear. */

export interface Toast {
  readonly id: number;
  readonly text: string;
}

const shownMs = 4000;
/** Changes of state are announced no more often than this. */
const announceMs = 5000;

let toast = $state.raw<Toast | null>(null);
let announced = $state('');
let count = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let waiting: string | null = null;
let lastAt = -Infinity;
let later: ReturnType<typeof setTimeout> | undefined;

export const said = {
  get toast(): Toast | null {
    return toast;
  },
  get announced(): string {
    return announced;
  },
};

/** Tells what was just done. Never for errors: those stay where they happened. */
export function tell(text: string): void {
  count += 1;
  toast = { id: count, text };
  announced = text;
  letGo();
}

/** The toast goes after a while, counted from now. */
export function letGo(): void {
  clearTimeout(timer);
  timer = setTimeout(closeToast, shownMs);
}

/** Somebody is reading it. */
export function keepToast(): void {
  clearTimeout(timer);
}

export function closeToast(): void {
  clearTimeout(timer);
  toast = null;
}

/** Says a change of state for those who do not see it, the newest of several, at most one in five seconds. */
export function announce(text: string): void {
  waiting = text;
  clearTimeout(later);
  const rest = announceMs - (performance.now() - lastAt);
  if (rest <= 0) sayWaiting();
  else later = setTimeout(sayWaiting, rest);
}

function sayWaiting(): void {
  if (waiting === null) return;
  announced = waiting;
  waiting = null;
  lastAt = performance.now();
}
