/** Where an account is: pages and API of one forge. */
import { type Account, type AccountPlace, apiUrlOf, type SignInWays } from '../../../../contract/account.ts';

export type Place = Pick<Account, 'url' | 'apiUrl'>;

export function placeOf({ url, apiUrl }: Pick<AccountPlace, 'url' | 'apiUrl'>): Place {
  const pages = (url ?? 'https://github.com').replace(/\/+$/, '');
  return { url: pages, apiUrl: (apiUrl ?? apiUrlOf(pages)).replace(/\/+$/, '') };
}

export const hostOf = ({ url }: Place): string => new URL(url).host;

/**
 * What a classic token needs: `repo` registers runners at repositories and reads their jobs, `read:org` lists the
 * organisations. A whole organisation takes `admin:org`, which contains that; the part of it that GitHub's page calls
 * `manage_runners:org` is not documented for these requests.
 */
export function scopesFor(organisations: boolean): string[] {
  return ['repo', organisations ? 'admin:org' : 'read:org'];
}

/** The page that makes a token with the scopes for repositories, or for whole organisations too. */
export function tokenPage({ url }: Place, organisations = false): string {
  return `${url}/settings/tokens/new?description=Homerunner&scopes=${scopesFor(organisations).join(',')}`;
}

export function tokenPages(place: Place): SignInWays['tokenPages'] {
  return { repositories: tokenPage(place), organisations: tokenPage(place, true) };
}
