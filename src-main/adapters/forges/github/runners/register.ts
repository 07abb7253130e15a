/** Registering runners: a JIT configuration for one job, a registration token for those that persist. */
import { problem } from '../../../../contract/problem.ts';
import type { RunnerRecord } from '../../../../core/runner.ts';
import type { GitHubApi } from '../api/types.ts';
import type { RunnerDto } from './dto.ts';
import type { GroupIds } from './groups.ts';
import { deleteNamed, deleteRunner, runnersNamed } from './lookup.ts';
import { isOurs } from './ours.ts';
import { placeOf } from './place.ts';
import { hasCode, refusalOf } from './refusal.ts';

/**
 * `jit`: it is registered, and this text is its whole configuration: a secret, told once. `token`: the agent registers
 * itself with it, until `expiresAt` (wall-clock milliseconds); its id can be looked up by name then.
 */
export type Registered =
  | { readonly kind: 'jit'; readonly id: string; readonly jit: string }
  | { readonly kind: 'token'; readonly token: string; readonly expiresAt: number };

interface JitDto {
  readonly runner?: RunnerDto;
  readonly encoded_jit_config?: string;
}

/** As GitHub takes them. */
const mostLabels = 100;
const longestLabel = 256;

/** Throws a Problem; whatever it throws, nothing of this name is known to be left registered. */
export async function register(
  record: RunnerRecord,
  scope: string,
  api: GitHubApi,
  install: string,
  groups: GroupIds,
): Promise<Registered> {
  checkLabels(record, scope);
  const group = await groups.of(api, scope, record.group);
  try {
    if (!record.oneJob) return await registrationToken(record, scope, api, install);
    return await jitAnew(record, scope, group, api, install);
  } catch (error) {
    const words = refusalOf(error);
    if (words === null) throw error;
    groups.forget(scope);
    throw problem(
      'config-field',
      `GitHub does not accept the runner ${record.name} at ${scope}: ${words}`,
      `Look at the labels (${record.labels.join(', ')}) and the runner group of the pool ${record.pool}.`,
      { subject: record.pool },
    );
  }
}

/** A runner of this name is left from a crash, or from an answer that was lost: it is deleted and made once more. */
async function jitAnew(
  record: RunnerRecord,
  scope: string,
  group: number,
  api: GitHubApi,
  install: string,
): Promise<Registered> {
  try {
    return await jit(record, scope, group, api);
  } catch (error) {
    if (!hasCode(error, 'name-taken')) throw error;
  }
  await makeRoom(record.name, scope, api, install);
  return await jit(record, scope, group, api);
}

async function jit(record: RunnerRecord, scope: string, group: number, api: GitHubApi): Promise<Registered> {
  const { route, parameters } = placeOf(scope);
  const { name, labels } = record;
  try {
    const { data } = await api.request<JitDto>(
      `POST ${route}/actions/runners/generate-jitconfig`,
      { ...parameters, name, runner_group_id: group, labels, work_folder: '_work' },
      'must',
    );
    if (data.runner !== undefined && data.encoded_jit_config !== undefined)
      return { kind: 'jit', id: String(data.runner.id), jit: data.encoded_jit_config };
  } catch (error) {
    if (hasCode(error, 'not-found') && (await knowsNoJit(api, scope, name))) throw noJit(record, api);
    if (!hasCode(error, 'forge-unreachable')) throw error;
  }
  // GitHub has been seen to register a runner and answer with an error: without its text it is of no use.
  await deleteNamed(api, scope, name).catch(() => 'unknown');
  throw problem(
    'forge-unreachable',
    `GitHub's answer to the registration of ${name} was lost.`,
    'What may have been registered is removed, and it is registered anew.',
    { subject: record.pool },
  );
}

/** An own server may be too old for it. Then it answers what else is asked of the same place. */
async function knowsNoJit(api: GitHubApi, scope: string, name: string): Promise<boolean> {
  if (!api.account.apiUrl.endsWith('/api/v3')) return false;
  return runnersNamed(api, scope, name).then(
    () => true,
    () => false,
  );
}

function noJit({ pool }: RunnerRecord, { account }: GitHubApi): Error {
  return problem(
    'config-field',
    `The GitHub at ${new URL(account.url).host} cannot register a runner for one job alone: it is too old for that.`,
    `Runners that persist need nothing new: set the mode of the pool to manual (\`homerunner pool edit ${pool} --mode manual --min 1\`), or have that GitHub updated.`,
    { subject: pool },
  );
}

async function registrationToken(
  { name }: RunnerRecord,
  scope: string,
  api: GitHubApi,
  install: string,
): Promise<Registered> {
  await makeRoom(name, scope, api, install);
  const { route, parameters } = placeOf(scope);
  const { data } = await api.request<{ readonly token: string; readonly expires_at: string }>(
    `POST ${route}/actions/runners/registration-token`,
    parameters,
    'must',
  );
  return { kind: 'token', token: data.token, expiresAt: Date.parse(data.expires_at) };
}

/** Deletes a runner of ours that has this name already; throws `name-taken` where it is at work, or not ours. */
async function makeRoom(name: string, scope: string, api: GitHubApi, install: string): Promise<void> {
  for (const runner of await runnersNamed(api, scope, name)) {
    const gone =
      isOurs(runner.name, install) &&
      !runner.busy &&
      (await deleteRunner(api, scope, String(runner.id))) === 'gone';
    if (!gone)
      throw problem(
        'name-taken',
        `There is a runner called ${name} at ${scope} already, and it is ${runner.busy ? 'at work' : 'in use'}.`,
        'Another name is tried.',
        { subject: name },
      );
  }
}

function checkLabels({ labels, pool }: RunnerRecord, scope: string): void {
  const wrong = labels.find((label) => label === '' || label.length > longestLabel || label.includes(','));
  if (wrong === undefined && labels.length > 0 && labels.length <= mostLabels) return;
  const what =
    wrong !== undefined
      ? `does not take the label "${wrong.slice(0, 60)}"`
      : labels.length === 0
        ? 'registers no runner without a label'
        : `takes at most ${mostLabels} labels of a runner, not ${labels.length}`;
  throw problem('config-field', `GitHub ${what}.`, `Change the labels of the pool ${pool} (${scope}).`, {
    subject: pool,
  });
}
