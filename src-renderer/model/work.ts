/** How far work in the background is. */
import type { Work } from '../../src-main/contract/snapshot.ts';
import type { Speech } from '../texts/speech.ts';
import { figures } from './format.ts';

/** 0 to 1; null where nobody knows how much it is in all. */
export function progressOf({ done, total }: Pick<Work, 'done' | 'total'>): number | null {
  return total === null || total <= 0 ? null : Math.min(1, Math.max(0, done / total));
}

/** "118 of 176 MB", in the unit that makers of downloads count in. */
export function bytesOf({ done, total }: Pick<Work, 'done' | 'total'>, speech: Speech): string {
  const megabytes = (bytes: number): string => figures(bytes / 1e6, speech);
  const value = megabytes(done);
  const all = (bytes: number): string => speech.t('unit.mb', { n: megabytes(bytes) });
  return total === null ? all(done) : speech.t('unit.of', { value, total: all(total) });
}
