/** Where an account is: pages and API of one forge. */
import { type Account, apiUrlOf } from '../../../../contract/account.ts';
import type { AccountPlace } from '../../../../core/ports.ts';

export type Place = Pick<Account, 'url' | 'apiUrl'>;

export function placeOf({ url, apiUrl }: Pick<AccountPlace, 'url' | 'apiUrl'>): Place {
  const pages = (url ?? 'https://github.com').replace(/\/+$/, '');
  return { url: pages, apiUrl: (apiUrl ?? apiUrlOf(pages)).replace(/\/+$/, '') };
}

export const hostOf = ({ url }: Place): string => new URL(url).host;

/**
 * What a classic token needs: `repo` registers runners at repositories and reads their jobs, `read:org` lists the
 * organisations. A whole organisation needs `admin:org` besides, which is asked of nobody who does not want that.
 */
export const usualScopes = ['repo', 'read:org'];

/** The page that makes a token with the usual scopes. */
export function tokenPage({ url }: Place): string {
  return `${url}/settings/tokens/new?description=Homerunner&scopes=${usualScopes.join(',')}`;
}
