/** Where the environment's pool gets its jobs from, and the login by which it registers. */
import type { Account } from '../../contract/account.ts';
import { apiUrlOf, isSafeAddress } from '../../contract/account.ts';
import type { ForgeId } from '../../contract/job.ts';
import type { Pool } from '../../contract/pool.ts';
import type { Problem } from '../../contract/problem.ts';
import { githubScopeKind } from './github-scope.ts';
import { oneOf, type Reader } from './readers.ts';

/** The text of a variable; null where it is not set or blank. */
export type TextOf = (name: string) => string | null;

type Place = Pick<Pool, 'forge' | 'scope' | 'account' | 'group'>;

export interface ForgeWish {
  /** Null: another forge is asked for and cannot be had, so that no pool is made at all. */
  readonly place: Place | null;
  readonly account: Account | null;
  /** The variable that holds the account's token; null: the `gh` program has it. */
  readonly tokenVariable: string | null;
  /** A repository is named, and this makes the pool. */
  readonly named: boolean;
  /** The host at which a login is missing, which the `gh` program may have. */
  readonly loginWanted: string | null;
  readonly problems: readonly Problem[];
}

export const forgeVariables = [
  'GIT_PLATFORM',
  'GITHUB_REPOSITORY',
  'GITLAB_PROJECT_ID',
  'GIT_API_URL',
  'GITHUB_API_URL',
  'GIT_TOKEN',
  'GITHUB_TOKEN',
  'RUNNER_GROUP',
] as const;

const platforms = ['github', 'gitlab', 'gitea', 'forgejo', 'local'] as const satisfies readonly ForgeId[];
const platform = oneOf(platforms, 'github where GITHUB_REPOSITORY is set');

const noPool = 'nothing, and no pool is made from the environment';

interface Repository {
  readonly scope: string;
  /** Where its forge has its pages; null: not said. */
  readonly url: string | null;
}

const repository: Reader<Repository> = {
  accepts:
    'owner/repository, owner/*, enterprises/NAME, or an address such as https://github.com/owner/repository',
  otherwise: noPool,
  read(text) {
    const ssh = /^git@([\w.-]+):(.+)$/.exec(text);
    if (ssh !== null) return scopeAt(`https://${ssh[1] ?? ''}`, ssh[2] ?? '');
    if (/^https?:\/\//i.test(text)) return addressOf(text);
    // A single word may be a secret on the wrong line.
    return text.includes('/') && githubScopeKind(text) !== null ? { scope: text, url: null } : null;
  },
};

function addressOf(text: string): Repository | null {
  if (!isSafeAddress(text)) return null;
  const { origin, pathname } = new URL(text);
  return scopeAt(origin, pathname.replace(/^\/+/, ''));
}

function scopeAt(url: string, path: string): Repository | null {
  const scope = path.replace(/\/+$/, '').replace(/\.git$/, '');
  return githubScopeKind(scope) === null ? null : { scope, url };
}

const address: Reader<string> = {
  accepts: 'an https address (http only to this machine itself)',
  otherwise: noPool,
  read: (text) => (isSafeAddress(text) ? text.replace(/\/+$/, '') : null),
};

const token: Reader<string> = {
  accepts: 'a token, without white space',
  otherwise: 'none',
  read: (text) => (/^\S+$/.test(text) ? text : null),
};

/** The pages that belong to an API: the reverse of `apiUrlOf`. */
function pagesOf(apiUrl: string): string {
  const { protocol, hostname, origin } = new URL(apiUrl);
  if (hostname === 'api.github.com') return 'https://github.com';
  if (/^api\..+\.ghe\.com$/.test(hostname)) return `${protocol}//${hostname.slice('api.'.length)}`;
  return origin;
}

const nothing = {
  account: null,
  tokenVariable: null,
  named: false,
  loginWanted: null,
  problems: [],
} as const;
const local: Place = { forge: 'local', scope: null, account: null, group: null };

interface Read {
  readonly platform: (typeof platforms)[number] | null;
  readonly repository: Repository | null;
  readonly apiUrl: string | null;
  /** Something was there that cannot be used: a default in its place could reach the wrong forge. */
  readonly broken: boolean;
  readonly tokenVariable: string | null;
}

function readAll(textOf: TextOf, garbage: (name: string, reader: Reader<unknown>) => void): Read {
  const read = <T>(name: string, reader: Reader<T>): T | null => {
    const text = textOf(name);
    const value = text === null ? null : reader.read(text);
    if (text !== null && value === null) garbage(name, reader);
    return value;
  };
  // Both of each pair are read, so that what is wrong with either is said; the general name wins, as it did before.
  const [apiUrl, apiUrlBefore] = [read('GIT_API_URL', address), read('GITHUB_API_URL', address)];
  const [general, own] = [read('GIT_TOKEN', token), read('GITHUB_TOKEN', token)];
  const said = {
    platform: read('GIT_PLATFORM', platform),
    repository: read('GITHUB_REPOSITORY', repository),
  };
  const isBroken = (name: string, value: unknown): boolean => textOf(name) !== null && value === null;
  return {
    ...said,
    apiUrl: apiUrl ?? apiUrlBefore,
    broken:
      isBroken('GITHUB_REPOSITORY', said.repository) ||
      isBroken('GIT_API_URL', apiUrl) ||
      isBroken('GITHUB_API_URL', apiUrlBefore),
    tokenVariable: general !== null ? 'GIT_TOKEN' : own !== null ? 'GITHUB_TOKEN' : null,
  };
}

/** What the variables say about the forge. `gh`: the `gh` program has a login there, as far as that was asked. */
export function readForge(
  textOf: TextOf,
  gh: boolean,
  warnings: string[],
  garbage: (name: string, reader: Reader<unknown>) => void,
): ForgeWish {
  const read = readAll(textOf, garbage);
  const other = otherForge(read.platform, textOf);
  const asked = textOf('GITHUB_REPOSITORY') !== null || textOf('GITLAB_PROJECT_ID') !== null;
  const atGitHub = asked && other === null && read.platform !== 'local';
  if (!atGitHub || read.broken) warnings.push(...withoutGitHub(read, textOf, other, asked));
  if (!atGitHub) return { ...nothing, place: asked && other !== null ? null : local };
  if (read.broken || read.repository === null) return { ...nothing, place: null };
  if (textOf('GITLAB_PROJECT_ID') !== null)
    warnings.push('GITLAB_PROJECT_ID has no effect beside GITHUB_REPOSITORY.');
  return githubWish(read.repository, read, { gh, group: groupFor(read.repository, textOf, warnings) });
}

/** The variable that asks for a forge which is not built yet. */
function otherForge(platform: Read['platform'], textOf: TextOf): string | null {
  if (platform !== null && platform !== 'github' && platform !== 'local') return 'GIT_PLATFORM';
  const gitlabOnly = textOf('GITLAB_PROJECT_ID') !== null && textOf('GITHUB_REPOSITORY') === null;
  return gitlabOnly && platform !== 'local' ? 'GITLAB_PROJECT_ID' : null;
}

function withoutGitHub(read: Read, textOf: TextOf, other: string | null, asked: boolean): readonly string[] {
  const group = textOf('RUNNER_GROUP');
  const named = (['GITHUB_REPOSITORY', 'GITLAB_PROJECT_ID'] as const).filter((name) => textOf(name) !== null);
  return [
    ...(other === null
      ? []
      : [
          asked
            ? `${other} asks for a pool at another forge, which is not part of this version yet: no pool is made from the environment.`
            : `${other} has no effect: pools at forges other than GitHub and the local one are not part of this version yet.`,
        ]),
    ...(read.platform === 'github' && !asked
      ? ['GIT_PLATFORM=github has no effect: GITHUB_REPOSITORY names no repository.']
      : []),
    ...(read.platform === 'local'
      ? named.map((name) => `${name} has no effect with GIT_PLATFORM=local.`)
      : []),
    ...(group === null || isDefault(group)
      ? []
      : [
          'RUNNER_GROUP has no effect: only runners at GitHub are in groups, and GITHUB_REPOSITORY asks for none.',
        ]),
  ];
}

const isDefault = (group: string): boolean => group.toLowerCase() === 'default';

function groupFor({ scope }: Repository, textOf: TextOf, warnings: string[]): string | null {
  const group = textOf('RUNNER_GROUP');
  if (group === null || isDefault(group)) return null;
  const kind = githubScopeKind(scope);
  if (group.length <= 100 && (kind === 'organisation' || kind === 'enterprise')) return group;
  warnings.push(
    group.length > 100
      ? 'RUNNER_GROUP is not valid (expected: the name of a runner group, at most 100 characters); used instead: the default group.'
      : 'RUNNER_GROUP has no effect: only organisations and enterprises have runner groups, and GITHUB_REPOSITORY names neither.',
  );
  return null;
}

function githubWish(
  { scope, url: said }: Repository,
  { apiUrl: saidApi, tokenVariable }: Read,
  { gh, group }: { readonly gh: boolean; readonly group: string | null },
): ForgeWish {
  const url = said ?? (saidApi === null ? 'https://github.com' : pagesOf(saidApi));
  const apiUrl = saidApi ?? apiUrlOf(url);
  if (tokenVariable === null && !gh) {
    const { host } = new URL(url);
    return { ...nothing, place: null, loginWanted: host, problems: [noLogin(host)] };
  }
  const account: Account = {
    id: 'env',
    forge: 'github',
    kind: tokenVariable === null ? 'gh' : 'environment',
    // Whose it is, only the forge can tell.
    login: tokenVariable ?? 'gh',
    url,
    apiUrl,
    app: null,
  };
  const place: Place = { forge: 'github', scope, account: account.id, group };
  return { place, account, tokenVariable, named: true, loginWanted: null, problems: [] };
}

function noLogin(host: string): Problem {
  return {
    code: 'unauthorized',
    message: `GITHUB_REPOSITORY asks for runners at ${host}, and neither GITHUB_TOKEN nor GIT_TOKEN is set.`,
    hint: 'Set GITHUB_TOKEN to a token that may register runners there, or sign in with `gh auth login`.',
    subject: 'GITHUB_TOKEN',
  };
}
