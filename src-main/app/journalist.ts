/** Writes down what happens, for the history and for a person at the terminal: in batches, so that it costs no turn. */
import type { Action } from '../core/actions.ts';
import type { Plan } from '../core/plan-types.ts';
import { isSpanKind } from '../core/history.ts';
import { allowanceOf } from '../core/policy.ts';
import type { Store, StoredEvent } from '../core/ports.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';
import { policyInput } from './turn.ts';

const flushMs = 1000;
const heartbeatMs = 15_000;
/** Events that wait in memory while none can be written (a full disk). */
const mostKept = 100;
const lastSeenKey = 'lastSeen';

/** The end of a supervisor that could not say goodbye, when it was last seen; null: the last one did, or there was none. */
export function unsaidEnd(store: Store): StoredEvent | null {
  const last = store.meta(lastSeenKey);
  if (last === null || last === '') return null;
  return { at: Number(last), kind: 'offline', subject: null, message: 'Ended without a farewell.' };
}

export class Journalist {
  readonly #deps: Deps;
  readonly #state: State;
  #pending: StoredEvent[] = [];
  #flushTimer: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  /** The codes of the automatic reasons that were noted last. */
  #reasons = '';

  constructor(deps: Deps, state: State) {
    this.#deps = deps;
    this.#state = state;
  }

  /** The supervisor runs from now on; an interval that a crash left open ends when it was last seen. */
  online(): void {
    const { store, clock } = this.#deps;
    const end = unsaidEnd(store);
    if (end !== null) this.#add(end);
    this.#add({ at: clock.now(), kind: 'online', subject: null, message: 'The supervisor started.' });
    this.#flush();
    this.#beat();
    this.#heartbeat = setInterval(() => {
      this.#beat();
    }, heartbeatMs);
    this.#heartbeat.unref();
  }

  /** The supervisor ends. */
  offline(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#add({
      at: this.#deps.clock.now(),
      kind: 'offline',
      subject: null,
      message: 'The supervisor stopped.',
    });
    this.#flush();
    this.#see('');
  }

  /** Notes which runners came into another phase, and which automatic reasons to begin nothing came or went. */
  note(plan: Plan): void {
    this.#noteReasons();
    for (const [name, { phase, why }] of plan.phases) {
      const before = this.#state.phases.get(name)?.phase;
      if (before === phase) continue;
      this.#state.phases.set(name, { phase, since: this.#state.now() });
      this.#add({ at: this.#deps.clock.now(), kind: 'phase', subject: name, message: `${phase}: ${why}` });
    }
  }

  /** The owner's own pauses are told where they are set; a reason that still lets work begin is none. */
  #noteReasons(): void {
    const { newRunners, reasons } = allowanceOf(policyInput(this.#deps, this.#state), null);
    const automatic = newRunners ? [] : reasons.filter((reason) => reason.code !== 'owner');
    const codes = automatic.map((reason) => reason.code).join();
    if (codes === this.#reasons) return;
    this.#reasons = codes;
    const message = automatic.map((reason) => reason.message).join(' ');
    this.#add({ at: this.#deps.clock.now(), kind: 'reason', subject: null, message });
  }

  /** Tells the log and the person what was done. */
  did(action: Action): void {
    this.#deps.log.info(`${action.key}: ${action.do}. ${action.why}`);
  }

  #beat(): void {
    if (this.#pending.length > 0) this.#flush();
    this.#see(String(this.#deps.clock.now()));
  }

  /** Without it the history is less exact, and nothing else is wrong. */
  #see(when: string): void {
    try {
      this.#deps.store.setMeta(lastSeenKey, when);
    } catch (error) {
      this.#deps.log.warn('The heartbeat could not be written.', { error: String(error) });
    }
  }

  #add(event: StoredEvent): void {
    this.#pending.push(event);
    this.#flushTimer ??= setTimeout(() => {
      this.#flush();
    }, flushMs).unref();
  }

  #flush(): void {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    const events = this.#pending;
    this.#pending = [];
    try {
      this.#deps.store.transaction(() => {
        for (const event of events) this.#deps.store.appendEvent(event);
        // What is written now was not written by a supervisor that ended before.
        this.#deps.store.setMeta(lastSeenKey, String(this.#deps.clock.now()));
      });
    } catch (error) {
      // What begins or ends a stretch is kept, or that stretch would never end.
      const later = events.filter((event) => isSpanKind(event.kind)).slice(-mostKept);
      this.#pending = [...later, ...this.#pending];
      const lost = events.length - later.length;
      this.#deps.log.warn('The history could not be written.', { error: String(error), lost });
    }
  }
}
