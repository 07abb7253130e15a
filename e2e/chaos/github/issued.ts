/** Every secret that GitHub ever gave out, recognised again in any text, also where only a part of it stands there. */
import type { SecretKind } from '../../support/github/world.ts';

/** A part this long is recognised. */
const piece = 16;
/** Of a long secret a piece is kept so often only, and of a short one all: what is kept must not grow large. */
const every = 256;
const long = 256;
/** What a secret, or a part of one, could stand in. */
const runs = /[A-Za-z0-9+/_-]{16,}/g;

export type Kind = SecretKind | "account's token";

export class Issued {
  readonly #pieces = new Map<string, Kind>();

  add(kind: Kind, secret: string): void {
    // What only fills it up stands in no run.
    const bare = secret.replace(/=+$/, '');
    const step = bare.length > long ? every : piece;
    for (let at = 0; at + piece <= bare.length; at += step)
      this.#pieces.set(bare.slice(at, at + piece), kind);
    this.#pieces.set(bare.slice(-piece), kind);
  }

  get count(): number {
    return this.#pieces.size;
  }

  /** The kinds of secrets that stand in it. */
  within(text: string): Set<Kind> {
    const kinds = new Set<Kind>();
    for (const [run] of text.matchAll(runs))
      for (let at = 0; at + piece <= run.length; at += 1) {
        const kind = this.#pieces.get(run.slice(at, at + piece));
        if (kind !== undefined) kinds.add(kind);
      }
    return kinds;
  }
}
