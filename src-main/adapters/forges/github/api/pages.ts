/** Lists that come in pages. */
import type { Account } from '../../../../contract/account.ts';
import { notTheApi } from './refusals.ts';
import type { ApiAnswer, Urgency } from './types.ts';

/** All pages of a list, one after the other, as `GitHubApi.all` says. */
export async function allPages(
  request: (
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    urgency: Urgency | undefined,
  ) => Promise<ApiAnswer<unknown>>,
  account: Account,
  route: string,
  parameters: Readonly<Record<string, unknown>> = {},
  options: { readonly key?: string; readonly urgency?: Urgency; readonly pages?: number } = {},
): Promise<{
  readonly items: readonly unknown[];
  readonly date: number | null;
  readonly unchanged: boolean;
}> {
  const items: unknown[] = [];
  let unchanged = true;
  let date: number | null = null;
  for (let page = 1; page <= (options.pages ?? 10); page += 1) {
    const asked = { per_page: 100, ...parameters, ...(page > 1 && { page }) };
    const answer = await request(route, asked, options.urgency);
    items.push(...listIn(answer.data, options.key, account));
    unchanged &&= answer.unchanged;
    date ??= answer.date;
    if (!String(answer.headers['link'] ?? '').includes('rel="next"')) break;
  }
  return { items, date, unchanged };
}

function listIn(data: unknown, key: string | undefined, account: Account): readonly unknown[] {
  const list = key === undefined ? data : (data as Record<string, unknown> | null)?.[key];
  if (!Array.isArray(list)) throw notTheApi(account);
  return list as readonly unknown[];
}
