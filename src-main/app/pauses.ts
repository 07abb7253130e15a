/** The owner's pauses: set, ended, and ended by time. One code path for tray, window and CLI. */
import type { PauseRequest } from '../contract/commands.ts';
import type { Pause } from '../contract/snapshot.ts';
import { holds } from '../core/policy.ts';
import type { Store, StoredPause } from '../core/ports.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';

/** The pause that a request asks for, at this wall-clock moment. */
export function pauseFor(request: PauseRequest, wall: number, bootId: string): StoredPause {
  const { end } = request;
  const until = end.kind === 'duration' ? wall + end.milliseconds : end.kind === 'until' ? end.at : null;
  const pause: Pause = { by: 'owner', reason: request.reason, until, kind: end.kind };
  const duration = end.kind === 'duration' ? end.milliseconds : null;
  return { pool: request.pool, pause, setAt: wall, duration, bootId };
}
/** Removes the pauses whose time has passed, here and in the store. */
export function endExpiredPauses(deps: Deps, state: State): void {
  const wall = deps.clock.now();
  const bootId = deps.presence.bootId();
  for (const stored of state.effectivePauses()) {
    if (!holds(stored, wall, bootId)) forgetPause(stored, deps, state);
  }
}

/** An ended pause holds nothing any more: that it cannot be written down (a full disk) must not stop the loop. */
function forgetPause({ pool, pause }: StoredPause, deps: Deps, state: State): void {
  try {
    // It may have passed while nobody looked.
    const at = Math.min(pause.until ?? Infinity, deps.clock.now());
    clearPause(pool, 'Its time has passed.', deps, state, at);
  } catch (error) {
    deps.log.warn('An ended pause could not be removed yet.', { error: String(error) });
  }
}

/** Makes a pause durable, then true. */
export function setPause(request: PauseRequest, deps: Deps, state: State): Pause {
  const stored = pauseFor(request, deps.clock.now(), deps.presence.bootId());
  const subject = stored.pool;
  storePause(stored, deps.store);
  state.pauses = [...state.pauses.filter((p) => p.pool !== subject), stored];
  if (stored.duration === null) state.pauseEnds.delete(subject);
  else state.pauseEnds.set(subject, deps.clock.monotonic() + stored.duration);
  return stored.pause;
}

/** Makes a pause durable, and a part of the history. */
export function storePause(stored: StoredPause, store: Store): void {
  store.transaction(() => {
    store.putPause(stored);
    store.appendEvent({
      at: stored.setAt,
      kind: 'pause',
      subject: stored.pool,
      message: stored.pause.reason ?? 'Paused by the owner.',
    });
  });
}

/** Ends a stored pause at that wall-clock moment, for good; false when there was none. */
export function storeResume(pool: string | null, why: string, at: number, store: Store): boolean {
  return store.transaction(() => {
    const was = store.deletePause(pool);
    if (was) store.appendEvent({ at, kind: 'resume', subject: pool, message: why });
    return was;
  });
}

/** Ends the pause of a pool, or of the host; false when there was none. */
export function clearPause(
  pool: string | null,
  why: string,
  deps: Deps,
  state: State,
  at = deps.clock.now(),
): boolean {
  const was = state.pauses.some((p) => p.pool === pool);
  if (!was) return false;
  storeResume(pool, why, at, deps.store);
  state.pauses = state.pauses.filter((p) => p.pool !== pool);
  state.pauseEnds.delete(pool);
  return true;
}
