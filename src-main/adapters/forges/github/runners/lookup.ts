/** Single runners at GitHub: found by name, and deleted. */
import type { GitHubApi } from '../api/types.ts';
import type { RunnerDto } from './dto.ts';
import { placeOf, sameName } from './place.ts';
import { hasCode, refusalOf } from './refusal.ts';

/** The runners of this name at `scope`: at most one, but GitHub's lists have been seen to lag. */
export async function runnersNamed(
  api: GitHubApi,
  scope: string,
  name: string,
): Promise<readonly RunnerDto[]> {
  const { route, parameters } = placeOf(scope);
  const { data } = await api.request<{ readonly runners: readonly RunnerDto[] }>(
    `GET ${route}/actions/runners`,
    { ...parameters, name, per_page: 100 },
    'must',
  );
  return data.runners.filter((runner) => sameName(runner.name, name));
}

/** Deletes a registration. Absent is `gone`; GitHub refuses while a job runs on it: `busy`. */
export async function deleteRunner(api: GitHubApi, scope: string, id: string): Promise<'gone' | 'busy'> {
  const { route, parameters } = placeOf(scope);
  try {
    const request = { ...parameters, runner_id: Number(id) };
    await api.request(`DELETE ${route}/actions/runners/{runner_id}`, request, 'must');
  } catch (error) {
    if (refusalOf(error) !== null) return 'busy';
    if (!hasCode(error, 'not-found')) throw error;
  }
  return 'gone';
}

/** Deletes every registration of this name; `busy` where one of them could not be. */
export async function deleteNamed(api: GitHubApi, scope: string, name: string): Promise<'gone' | 'busy'> {
  let answer: 'gone' | 'busy' = 'gone';
  for (const runner of await runnersNamed(api, scope, name)) {
    if ((await deleteRunner(api, scope, String(runner.id))) === 'busy') answer = 'busy';
  }
  return answer;
}
