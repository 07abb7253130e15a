/** Runners of others that are offline at our scopes: shown, and removed only by the owner's word. */
import { problem } from '../../../../contract/problem.ts';
import type { ForeignView } from '../../../../contract/snapshot.ts';
import { formatDuration } from '../../../../core/duration.ts';
import type { GitHubApi } from '../api/types.ts';
import type { RunnerDto } from './dto.ts';
import { deleteRunner } from './lookup.ts';
import { isOfSomeInstall } from './ours.ts';
import { placeOf } from './place.ts';
import { hasCode } from './refusal.ts';
import type { RunnerPlace } from './watch.ts';

/** Another's offline runner, since when we have seen it so (wall-clock milliseconds). */
export interface Stranger {
  readonly place: RunnerPlace;
  readonly runner: RunnerDto;
  readonly since: number;
}

/** By the name under which it is shown: where two places have one of the same name, the place is part of it. */
export function named(strangers: readonly Stranger[]): ReadonlyMap<string, Stranger> {
  const shown = new Map<string, Stranger>();
  for (const stranger of strangers) {
    const { name } = stranger.runner;
    shown.set(shown.has(name) ? `${stranger.place.scope}:${name}` : name, stranger);
  }
  return shown;
}

/** GitHub tells neither the host of a runner nor its age: what is known is how long we have seen it offline. */
export function strangerView(name: string, { place, runner, since }: Stranger, now: number): ForeignView {
  const maker = isOfSomeInstall(runner.name)
    ? 'another installation of Homerunner registered it'
    : 'Homerunner did not register it';
  const os = runner.os === undefined || runner.os === 'unknown' ? '' : ` on ${runner.os}`;
  const age = formatDuration(Math.max(60_000, now - since));
  return {
    name,
    kind: 'registration',
    description: `The runner ${runner.name} at ${place.scope}${os} has been offline for at least ${age}; ${maker}.`,
    suspicious: false,
  };
}

/** Looks at it once more first: one that has come back, or is at work, is left alone. */
export async function removeStranger({ place, runner }: Stranger, api: GitHubApi): Promise<void> {
  const { route, parameters } = placeOf(place.scope);
  try {
    const request = { ...parameters, runner_id: runner.id };
    const { data } = await api.request<RunnerDto>(
      `GET ${route}/actions/runners/{runner_id}`,
      request,
      'must',
    );
    const left =
      data.name === runner.name && data.status === 'offline' && !data.busy
        ? await deleteRunner(api, place.scope, String(runner.id))
        : 'busy';
    if (left === 'gone') return;
  } catch (error) {
    if (hasCode(error, 'not-found')) return;
    throw error;
  }
  throw problem(
    'usage',
    `The runner ${runner.name} at ${place.scope} is online again, or GitHub takes it to be at a job.`,
    'Stop it on the machine that it runs on.',
    { subject: runner.name },
  );
}
