/** Versions of the agent as GitHub offers them: what it tells a scope to use, and what is published for all. */
import * as v from 'valibot';
import { problem, type ProblemError } from '../../../../contract/problem.ts';
import type { GitHubApi } from '../api/types.ts';
import type { AgentRelease } from './folders.ts';
import type { AgentPlatform } from './platform.ts';

const Downloads = v.array(
  v.object({
    os: v.string(),
    architecture: v.string(),
    download_url: v.string(),
    filename: v.string(),
    temp_download_token: v.optional(v.nullable(v.string())),
    sha256_checksum: v.optional(v.nullable(v.string())),
  }),
);

const Published = v.object({
  tag_name: v.string(),
  body: v.optional(v.nullable(v.string())),
  assets: v.array(
    v.object({
      name: v.string(),
      browser_download_url: v.string(),
      digest: v.optional(v.nullable(v.string())),
    }),
  ),
});

/**
 * What GitHub tells this scope to use; new versions come to some earlier than to others. A runner that is to be
 * registered waits for it.
 */
export async function offered(api: GitHubApi, scope: string, platform: AgentPlatform): Promise<AgentRelease> {
  const [route, parameters] = runnersAt(scope);
  const { data } = await api.request(`GET ${route}/downloads`, parameters, 'must');
  const answer = v.safeParse(Downloads, data);
  const found = (answer.success ? answer.output : []).find(
    ({ os, architecture }) => os === platform.os && architecture === platform.arch,
  );
  const version = /-(\d+\.\d+\.\d+)\.(?:zip|tar\.gz)$/.exec(found?.filename ?? '')?.[1];
  if (found === undefined || version === undefined) throw notOffered(platform, null);
  return {
    ...platform,
    version,
    url: found.download_url,
    sha256: found.sha256_checksum ?? null,
    bearer: found.temp_download_token ?? null,
  };
}

function runnersAt(scope: string): [string, Record<string, string>] {
  const [owner = '', name] = scope.split('/');
  if (name === undefined) return ['/orgs/{org}/actions/runners', { org: owner }];
  if (owner === 'enterprises') return ['/enterprises/{enterprise}/actions/runners', { enterprise: name }];
  return ['/repos/{owner}/{repo}/actions/runners', { owner, repo: name }];
}

const date = v.optional(v.nullable(v.string()));
const EndOfLife = v.object({ registration_deprecates_at: date, runtime_deprecates_at: date });

/**
 * When GitHub takes this version no more: no registration of it, or no job for it, whatever is sooner (wall-clock
 * milliseconds); null: never yet, or it does not tell. Enterprises alone are told.
 */
export async function endOfLife(api: GitHubApi, scope: string, version: string): Promise<number | null> {
  const [route, parameters] = runnersAt(scope);
  const asking = api.request(`GET ${route}/deprecations/{version}`, { ...parameters, version }, 'must');
  const answer = v.safeParse(EndOfLife, (await asking.catch(() => null))?.data);
  if (!answer.success) return null;
  const times = Object.values(answer.output)
    .map((text) => Date.parse(text ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? null : Math.min(...times);
}

/** A release of actions/runner; null: its latest. */
export async function published(
  api: GitHubApi,
  version: string | null,
  platform: AgentPlatform,
): Promise<AgentRelease> {
  const route = `GET /repos/{owner}/{repo}/releases/${version === null ? 'latest' : 'tags/{tag}'}`;
  const parameters = {
    owner: 'actions',
    repo: 'runner',
    ...(version === null ? {} : { tag: `v${version}` }),
  };
  const answer = v.safeParse(Published, (await api.request(route, parameters, 'must')).data);
  if (!answer.success) throw notOffered(platform, version);
  const { tag_name, body, assets } = answer.output;
  const found = tag_name.replace(/^v/, '');
  const start = `actions-runner-${platform.os}-${platform.arch}-${found}.`;
  const asset = assets.find(({ name }) => name.startsWith(start));
  if (asset === undefined) throw notOffered(platform, version);
  const sha256 = sumIn(asset.digest ?? '') ?? sumInNotes(body ?? '', platform);
  return { ...platform, version: found, url: asset.browser_download_url, sha256, bearer: null };
}

const sumIn = (digest: string) => /^sha256:([0-9a-f]{64})$/i.exec(digest)?.[1] ?? null;

/** The notes of a release hold the sums between marks that name system and architecture. */
function sumInNotes(notes: string, { os, arch }: AgentPlatform): string | null {
  return new RegExp(`BEGIN SHA ${os}-${arch} -->\\s*([0-9a-f]{64})\\s*<!--`, 'i').exec(notes)?.[1] ?? null;
}

function notOffered({ os, arch }: AgentPlatform, version: string | null): ProblemError {
  return problem(
    'not-found',
    `GitHub offers no runner ${version === null ? '' : `${version} `}for ${os} on ${arch}.`,
    version === null
      ? 'Ask who runs this GitHub which systems its runners may have.'
      : 'Name another version in RUNNER_VERSION, or take it away.',
    { link: 'https://github.com/actions/runner/releases' },
  );
}
