/** When the machine is looked at again: a device appeared, a driver changed, or the machine has slept. */
import type { Deps } from './deps.ts';

/** The wall clock ran on by so much while the monotonic one stood: the machine was asleep, or the clock was set. */
const sleptMs = 30_000;
/** So long after a look comes the next one: waking, unlocking and devices come together. */
const restMs = 20_000;

/** What was kept from an earlier start is older than this: drivers may have changed since. */
const keptMs = 60_000;
/** Only when the start is long over. */
const afterStartMs = 10_000;

type Needs = Pick<Deps, 'clock' | 'detector' | 'log'>;

export class Redetection {
  readonly #deps: Needs;
  readonly #detect: () => Promise<void>;
  #apart: number;
  #lastAt: number;
  #unwatch: (() => void) | null = null;
  #running = false;
  #timer: NodeJS.Timeout | null = null;

  /** `detect` asks the machine anew and takes in what was found. */
  constructor(deps: Needs, detect: () => Promise<void>) {
    this.#deps = deps;
    this.#detect = detect;
    this.#apart = this.#clocksApart();
    this.#lastAt = -Infinity;
  }

  start(): void {
    this.#unwatch ??= this.#deps.detector.watch(() => {
      void this.#again('A device or a driver of this machine changed.');
    });
    const { clock, detector } = this.#deps;
    if (clock.now() - (detector.detectedAt() ?? 0) < keptMs) return;
    this.#later(afterStartMs, 'What is known of the machine is from an earlier start.');
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#unwatch?.();
    this.#unwatch = null;
  }

  /** The machine woke, as somebody who knows says. */
  woke(): void {
    void this.#again('The machine woke.');
  }

  /** To be called now and then: costs nothing where no time was lost. */
  notice(): void {
    const apart = this.#clocksApart();
    const jump = apart - this.#apart;
    this.#apart = apart;
    if (jump >= sleptMs) this.woke();
  }

  #later(waitMs: number, why: string): void {
    this.#timer = setTimeout(() => {
      void this.#again(why);
    }, waitMs);
    this.#timer.unref();
  }

  #clocksApart(): number {
    return this.#deps.clock.now() - this.#deps.clock.monotonic();
  }

  async #again(why: string): Promise<void> {
    const rest = this.#running ? restMs : this.#lastAt + restMs - this.#deps.clock.monotonic();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (rest > 0) {
      this.#later(rest, why);
      return;
    }
    this.#running = true;
    this.#deps.log.info(`${why} It is looked at again.`);
    try {
      await this.#detect();
    } catch (error) {
      this.#deps.log.warn('The machine could not be looked at again.', { error: String(error) });
    } finally {
      this.#lastAt = this.#deps.clock.monotonic();
      this.#running = false;
    }
  }
}
