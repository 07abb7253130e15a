/** The one state of the window: what the application last told, and the moment it is. */
import type { DesktopState, Link } from '../../src-main/contract/desktop.ts';
import type { Problem } from '../../src-main/contract/problem.ts';
import type { Snapshot } from '../../src-main/contract/snapshot.ts';
import { speak } from '../texts/texts.svelte.ts';

let link = $state.raw<Link>({ snapshot: null, connected: false, problem: null });
let desktop = $state.raw<DesktopState | null>(null);
let now = $state(Date.now());
/** When the link was lost; null while it stands. */
let lostAt = $state<number | null>(null);
let openedAt = $state(Date.now());

/** What the views read; nothing of it is changed by them. */
export const app = {
  get snapshot(): Snapshot | null {
    return link.snapshot;
  },
  get connected(): boolean {
    return link.connected;
  },
  get linkProblem(): Problem | null {
    return link.problem;
  },
  get lostAt(): number | null {
    return lostAt;
  },
  get openedAt(): number {
    return openedAt;
  },
  get desktop(): DesktopState | null {
    return desktop;
  },
  /** This moment by the wall clock, moving once a second while the window is seen. */
  get now(): number {
    return now;
  },
};

/** Takes over what the desktop says of itself and makes it true for the page. */
export function takeDesktop(next: DesktopState): void {
  desktop = next;
  speak(next.language);
  const root = document.documentElement;
  root.lang = next.language;
  if (next.preferences.theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = next.preferences.theme;
  root.dataset['density'] = next.preferences.density;
}

function takeLink(next: Link): void {
  if (next.connected) lostAt = null;
  else lostAt ??= next.snapshot === null ? null : Date.now();
  link = next;
}

/** Begins to listen and to tick; returns the end of it. */
export function begin(): () => void {
  openedAt = Date.now();
  const unsubscribe = window.homerunner.subscribe(takeLink);
  void window.homerunner.desktop('state', {}).then((answer) => {
    if (answer.ok) takeDesktop(answer.value);
  });
  let timer: ReturnType<typeof setInterval> | null = null;
  const tick = (): void => {
    now = Date.now();
  };
  const watch = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = document.hidden ? null : setInterval(tick, 1000);
    tick();
  };
  document.addEventListener('visibilitychange', watch);
  watch();
  return () => {
    unsubscribe();
    document.removeEventListener('visibilitychange', watch);
    if (timer !== null) clearInterval(timer);
  };
}
