/** Ending registrations: the fence, after which no job is handed over any more, and the removal. */
import { problem } from '../../../../contract/problem.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApi } from '../api/types.ts';
import type { RunnerDto } from './dto.ts';
import { deleteNamed, deleteRunner, runnersNamed } from './lookup.ts';
import { placeOf } from './place.ts';
import { hasCode } from './refusal.ts';

type Fenced = 'fenced' | 'busy' | 'unknown';

/** GitHub lets go of a job whose runner died after some minutes: this long until it is asked again. */
const askAgainMs = 60_000;

/**
 * One-job runners are deleted: GitHub refuses that once a job was handed over. Those that persist lose their labels.
 * `unknown` where GitHub gives no answer.
 */
export async function fence(record: RunnerRecord, scope: string, api: GitHubApi): Promise<Fenced> {
  try {
    if (record.oneJob) {
      const { name, registration } = record;
      const answer =
        registration === null
          ? await deleteNamed(api, scope, name)
          : await deleteRunner(api, scope, registration);
      return answer === 'gone' ? 'fenced' : 'busy';
    }
    return await takeLabels(record, scope, api);
  } catch (error) {
    if (hasCode(error, 'forge-unreachable', 'rate-limited')) return 'unknown';
    throw error;
  }
}

async function takeLabels(record: RunnerRecord, scope: string, api: GitHubApi): Promise<Fenced> {
  const { route, parameters } = placeOf(scope);
  const id = record.registration ?? (await runnersNamed(api, scope, record.name))[0]?.id;
  if (id === undefined) return 'fenced';
  const runner = { ...parameters, runner_id: Number(id) };
  try {
    await api.request(`PUT ${route}/actions/runners/{runner_id}/labels`, { ...runner, labels: [] }, 'must');
    // Only now: a job that was handed over before the labels went shows in this answer.
    const { data } = await api.request<RunnerDto>(`GET ${route}/actions/runners/{runner_id}`, runner, 'must');
    return data.busy ? 'busy' : 'fenced';
  } catch (error) {
    if (hasCode(error, 'not-found')) return 'fenced';
    throw error;
  }
}

/** Removes a registration, by name where its id is not known. Throws a Problem to repeat it while GitHub holds it busy. */
export async function remove(
  { name, registration }: { readonly name: string; readonly registration: string | null },
  scope: string,
  api: GitHubApi,
  now: number,
): Promise<void> {
  const answer =
    registration === null
      ? await deleteNamed(api, scope, name)
      : await deleteRunner(api, scope, registration);
  if (answer === 'gone') return;
  throw problem(
    'forge-unreachable',
    `GitHub still takes the runner ${name} to be at a job.`,
    'GitHub notices within some 10 minutes that a runner is gone; its removal is tried again until then.',
    { subject: name, retryAt: now + askAgainMs },
  );
}
