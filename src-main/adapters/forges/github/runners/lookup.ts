/** Single runners at GitHub: found by name, and deleted. */
import { problem } from '../../../../contract/problem.ts';
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

/** Labels that GitHub's own configuration gives each runner: its kind, its system, its architecture. */
const givenLabels = /^(?:self-hosted|linux|windows|macos|x64|x86|arm|arm64)$/i;

/** The labels that the owner of the runner of this name gave it; throws `not-found`. */
export async function ownLabels(api: GitHubApi, scope: string, name: string): Promise<string[]> {
  const runner = (await runnersNamed(api, scope, name))[0];
  if (runner === undefined)
    throw problem(
      'not-found',
      `GitHub has no runner called ${name} at ${scope}.`,
      'Its registration was removed.',
      { subject: name },
    );
  return runner.labels
    .filter((label) => label.type !== 'read-only' && !givenLabels.test(label.name))
    .map((label) => label.name);
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
