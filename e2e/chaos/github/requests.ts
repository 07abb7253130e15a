/** What the product asked of GitHub: how often, and how much of it counts for the hourly limit. */
import type { GitHubDouble } from '../../support/github/double.ts';

/** GitHub's limit for a person's token, requests an hour. */
const usualLimit = 5000;
const minuteMs = 60_000;

/** Rows for a table; `jobs` is how many were done meanwhile. */
export function requestRows(github: GitHubDouble, jobs: number): (readonly [string, string])[] {
  const asked = github.requests.filter(({ agent, login }) => !agent && login !== null);
  const reads = asked.filter(({ method }) => method === 'GET');
  const counted = asked.filter(({ status }) => status !== 304).length;
  const hours = ((asked.at(-1)?.at ?? 0) - (asked[0]?.at ?? 0)) / 3_600_000;
  const anHour = Math.round(counted / Math.max(hours, 1 / 3600));
  return [
    ['requests', String(asked.length)],
    ['  most in a minute', String(mostInAMinute(asked))],
    ['  of these that read', String(mostInAMinute(reads))],
    ['  counted (not 304)', `${counted}, ${(counted / Math.max(1, jobs)).toFixed(1)} a job`],
    ['  counted in an hour at this pace', `${anHour} (GitHub's usual limit: ${usualLimit})`],
  ];
}

function mostInAMinute(requests: readonly { readonly at: number }[]): number {
  let most = 0;
  let first = 0;
  for (const [last, { at }] of requests.entries()) {
    while ((requests[first]?.at ?? at) <= at - minuteMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
