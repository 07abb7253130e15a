/** What goes wrong on the way, as often as a test wants it. */

export type FaultKind =
  /** 500 with an empty body, nothing done. */
  | '500'
  /** 502 with a page of HTML, nothing done. */
  | '502'
  /** It is done, and answered with 502. */
  | '502-after'
  /** The connection breaks, nothing done. */
  | 'drop'
  /** It is done, and the connection breaks. */
  | 'drop-after'
  /** No answer ever comes, nothing done. */
  | 'hang'
  /** 200 with a page of HTML instead of JSON, as of a captive portal. */
  | 'html'
  /** A secondary limit. */
  | '429'
  /** Done and answered after `ms`. */
  | 'slow';

export interface Fault {
  /** Matched with "METHOD /path" of the request, the path as it follows /api/v3. */
  readonly match: RegExp;
  readonly do: FaultKind;
  /** How often; 1 if left out. */
  readonly times?: number;
  readonly ms?: number;
}

export class Faults {
  private planned: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.planned.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.planned = [];
  }

  /** The fault that strikes this request, which is then used up by one; null: none. */
  take(request: string): Fault | null {
    const hit = this.planned.find(({ fault, left }) => left > 0 && fault.match.test(request));
    if (!hit) return null;
    hit.left -= 1;
    if (hit.left === 0) this.planned = this.planned.filter((one) => one !== hit);
    return hit.fault;
  }
}
