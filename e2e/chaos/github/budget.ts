/** What the program asked of GitHub, against what it may. */
import type { RequestRecord } from '../../support/github/serve.ts';

const minute = 60_000;
const hour = 3_600_000;
/** Looks that nobody waits for: at most so many a minute, and a fifth of the hourly limit. */
const pollsPerMinute = 200;
const pollShare = 0.2;

const polls = [
  '/repos/{owner}/{repo}/actions/runs',
  '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
  '/user/repos',
  '/orgs/{org}/repos',
];

export interface Budget {
  readonly rows: readonly (readonly string[])[];
  readonly violations: readonly string[];
}

export function budgetOf(requests: readonly RequestRecord[], limit: number): Budget {
  const ours = requests.filter(({ agent, route }) => !agent && route !== null);
  const looks = ours.filter(({ method, route }) => method === 'GET' && polls.includes(route ?? ''));
  const counted = (list: readonly RequestRecord[]) => list.filter(({ status }) => status !== 304);
  const figures = {
    all: ours.length,
    minute: most(ours, minute),
    hour: most(counted(ours), hour),
    looks: looks.length,
    looksMinute: most(looks, minute),
    looksHour: most(counted(looks), hour),
    refused: ours.filter(({ status }) => status === 403 || status === 429).length,
  };
  return {
    rows: [
      ['requests to the API', String(figures.all)],
      ['  most in a minute', String(figures.minute)],
      ['  most in an hour that count for the limit', `${figures.hour} of ${limit}`],
      ['  answered 403 or 429', String(figures.refused)],
      ['looks for work', String(figures.looks)],
      ['  most in a minute', `${figures.looksMinute} of ${pollsPerMinute}`],
      ['  most in an hour that count for the limit', `${figures.looksHour} of ${limit * pollShare}`],
      ['  answered 304', String(looks.length - counted(looks).length)],
    ],
    violations: [
      ...(figures.looksMinute > pollsPerMinute
        ? [`It looked for work ${figures.looksMinute} times in a minute.`]
        : []),
      ...(figures.looksHour > limit * pollShare
        ? [`It looked for work ${figures.looksHour} times in an hour.`]
        : []),
    ],
  };
}

/** The most requests in any span of so many milliseconds. */
function most(requests: readonly RequestRecord[], span: number): number {
  const times = requests.map(({ at }) => at).sort((a, b) => a - b);
  let from = 0;
  let best = 0;
  times.forEach((at, index) => {
    while (at - (times[from] ?? at) > span) from += 1;
    best = Math.max(best, index - from + 1);
  });
  return best;
}
