/** Stretches of time out of events: when nobody supervised, when the owner or the machine's state let nothing new begin. */
import type { Span } from '../contract/history.ts';
import type { EventKind, StoredEvent } from './ports.ts';

/** Does such an event begin or end a stretch? The others tell of a moment. */
export function isSpanKind(kind: EventKind): boolean {
  return (spanKinds as readonly EventKind[]).includes(kind);
}

const spanKinds = ['online', 'offline', 'pause', 'resume', 'reason'] as const satisfies EventKind[];

interface Open {
  readonly kind: Span['kind'];
  readonly pool: string | null;
  readonly from: number;
  readonly message: string;
}

/**
 * The spans that touch `from` to `to`, oldest first, whole: one may have begun before `from`, and one that has not ended
 * by `to` has no end. Never two of one kind and pool at once. Events may come in any order and twice; of those of one
 * moment the earlier in the list came first.
 */
export function spansOf(events: readonly StoredEvent[], from: number, to: number): readonly Span[] {
  const open = new Map<string, Open>();
  const spans: Span[] = [];
  const end = (key: string, at: number): void => {
    const span = open.get(key);
    open.delete(key);
    if (span !== undefined && span.from < at) spans.push({ ...span, to: at });
  };
  const begin = (span: Open): void => {
    const key = keyOf(span.kind, span.pool);
    if (open.get(key)?.message === span.message) return;
    end(key, span.from);
    open.set(key, span);
  };
  for (const event of [...events].sort((a, b) => a.at - b.at)) {
    if (event.at > to) break;
    take(event, { begin, end, keys: () => [...open.keys()] });
  }
  for (const span of open.values()) spans.push({ ...span, to: null });
  return spans
    .filter((span) => span.to === null || span.to > from)
    .sort((a, b) => a.from - b.from || keyOf(a.kind, a.pool).localeCompare(keyOf(b.kind, b.pool)));
}

const keyOf = (kind: Span['kind'], pool: string | null) => `${kind}/${pool ?? ''}`;

interface Track {
  readonly begin: (span: Open) => void;
  readonly end: (key: string, at: number) => void;
  readonly keys: () => readonly string[];
}

function take({ at, kind, subject: pool, message }: StoredEvent, { begin, end, keys }: Track): void {
  switch (kind) {
    case 'pause':
      begin({ kind, pool, from: at, message });
      return;
    case 'resume':
      end(keyOf('pause', pool), at);
      return;
    case 'reason':
      // Without a sentence: there is no reason any more.
      if (message === '') end(keyOf('reason', pool), at);
      else begin({ kind, pool, from: at, message });
      return;
    case 'offline':
      if (!keys().includes(keyOf('offline', null))) begin({ kind, pool: null, from: at, message });
      endReasons(at, keys(), end);
      return;
    case 'online':
      end(keyOf('offline', null), at);
      endReasons(at, keys(), end);
      return;
    case 'phase':
    case 'problem':
    case 'job':
  }
}

/** A supervisor knows the reasons of its own time only. */
function endReasons(at: number, keys: readonly string[], end: Track['end']): void {
  for (const key of keys) if (key.startsWith('reason/')) end(key, at);
}
