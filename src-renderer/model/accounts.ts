/** Accounts in words. */
import type { AccountView } from '../../src-main/contract/account.ts';
import type { Speech } from '../texts/speech.ts';
import { day, length } from './format.ts';

/** Where an address leads, as people name it: "github.com". */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** An account as it is named among others: with its host where that is not the usual one. */
export function nameOf({ login, url }: Pick<AccountView, 'login' | 'url'>): string {
  const host = hostOf(url);
  return host === 'github.com' ? login : `${login} (${host})`;
}

export interface Expiry {
  readonly text: string;
  /** It has ended, or ends within a week. */
  readonly soon: boolean;
}

const weekMs = 7 * 86_400_000;

/** When a token ends, in words; null where it does not, or nobody knows. */
export function expiryOf(expiresAt: number | null, now: number, speech: Speech): Expiry | null {
  if (expiresAt === null) return null;
  const rest = expiresAt - now;
  const date = day(expiresAt, now, speech);
  if (rest <= 0) return { text: speech.t('account.ended', { date }), soon: true };
  return { text: speech.t('account.ends', { time: length(rest, speech), date }), soon: rest < weekMs };
}
