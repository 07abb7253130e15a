/** Writes down what happens, for the history and for a person at the terminal: in batches, so that it costs no turn. */
import type { Action } from '../core/actions.ts';
import type { Plan } from '../core/plan-types.ts';
import type { StoredEvent } from '../core/ports.ts';
import type { Deps } from './deps.ts';
import type { State } from './state.ts';

const flushMs = 1000;
const heartbeatMs = 15_000;
export const lastSeenKey = 'lastSeen';

export class Journalist {
  readonly #deps: Deps;
  readonly #state: State;
  #pending: StoredEvent[] = [];
  #flushTimer: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;

  constructor(deps: Deps, state: State) {
    this.#deps = deps;
    this.#state = state;
  }

  /** The supervisor runs from now on; an interval that a crash left open ends when it was last seen. */
  online(): void {
    const { store, clock } = this.#deps;
    const last = store.meta(lastSeenKey);
    if (last !== null && last !== '') {
      this.#add({ at: Number(last), kind: 'offline', subject: null, message: 'Ended without a farewell.' });
    }
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

  /** Notes which runners came into another phase. */
  note(plan: Plan): void {
    for (const [name, { phase, why }] of plan.phases) {
      const before = this.#state.phases.get(name)?.phase;
      if (before === phase) continue;
      this.#state.phases.set(name, { phase, since: this.#state.now() });
      this.#add({ at: this.#deps.clock.now(), kind: 'phase', subject: name, message: `${phase}: ${why}` });
    }
  }

  /** Tells the log and the person what was done. */
  did(action: Action): void {
    this.#deps.log.info(`${action.key}: ${action.do}. ${action.why}`);
  }

  #beat(): void {
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
      });
    } catch (error) {
      this.#deps.log.warn('The history could not be written.', { error: String(error), lost: events.length });
    }
  }
}
