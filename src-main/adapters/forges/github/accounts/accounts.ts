/** Accounts at GitHub: ways to sign in, what is known of each, and the clients that ask with them. */
import type { Account, AccountAdd, SignInWays } from '../../../../contract/account.ts';
import { problem, type ProblemError } from '../../../../contract/problem.ts';
import type { AccountForge, AccountSecrets, SignedIn } from '../../../../core/ports.ts';
import { type Apis, githubApis } from '../api/apis.ts';
import { type Client, type ClientOptions, githubClient } from '../api/client.ts';
import { type Credential, isToken } from '../api/credential.ts';
import { newAccount } from '../api/network.ts';
import type { GitHubApis } from '../api/types.ts';
import { proveApp } from './app.ts';
import { githubCredentials } from './credentials.ts';
import { deviceSignIn, type DeviceSignIn, isGitHubApp } from './device.ts';
import { type AccountFacts, accountFacts } from './facts.ts';
import { ghToken, type GhToken } from './gh.ts';
import { scopesOf } from './offers.ts';
import { provePerson } from './person.ts';
import { hostOf, type Place, placeOf, tokenPage, tokenPages } from './place.ts';

export interface AccessOptions extends ClientOptions {
  readonly accounts: () => readonly Account[];
  readonly secrets: AccountSecrets;
  /** The token of an account of kind `environment`; null: none. */
  readonly environment: (account: Account) => string | null;
  /** Of the App that signs in by a code; null: that way is not offered. */
  readonly clientId: string | null;
  /** What is shown of an account has changed. */
  readonly changed: () => void;
  /** Default: the program `gh`. */
  readonly gh?: GhToken;
}

export interface GitHubAccess {
  readonly apis: GitHubApis;
  readonly accounts: AccountForge;
}

/** How GitHub is asked, and who asks: both sides of the same secrets. */
export function githubAccess(options: AccessOptions): GitHubAccess {
  const { secrets, environment, now, gh = ghToken } = options;
  const device = deviceSignIn(options);
  const facts = accountFacts(options.changed);
  const refresh: DeviceSignIn['refresh'] = (place, token) => device.refresh(place, token);
  const credentials = githubCredentials({ secrets, environment, gh, refresh, now });
  const apis = githubApis({ ...options, credentials, seen: (account, what) => facts.see(account, what) });
  const looks = looker(apis, facts, now);
  const proving = prover(options, gh, device);
  return {
    apis,
    accounts: {
      async ways(at) {
        const place = placeOf(at);
        const token = await gh(hostOf(place));
        const login = token === null ? null : await loginOf(proving.client(place, 'gh', token));
        return { gh: login, device: deviceOf(options), tokenPages: tokenPages(place) };
      },
      begin: (wish) => device.begin(placeOf(wish), wish.organisations),
      signIn: (wish) => proving.signIn(wish),
      asked: (account) => looks.at(account),
      view(account) {
        void looks.at(account);
        const { id, forge, kind, login, url } = account;
        return { id, forge, kind, login, url, ...facts.of(id) };
      },
      forget(account) {
        credentials.forget(account);
        apis.forget(account);
        facts.forget(account);
        looks.forget(account);
      },
      scopes: async (account) => scopesOf(await apis.of(account.id)),
    },
  };
}

function deviceOf({ clientId }: AccessOptions): SignInWays['device'] {
  if (clientId === null) return null;
  return isGitHubApp(clientId) ? 'github-app' : 'oauth-app';
}

/** An account that never answered is asked once, and again a minute after that failed. */
function looker(apis: Apis, facts: AccountFacts, now: () => number) {
  const asked = new Map<string, { readonly at: number; readonly answer: Promise<void> }>();
  const ask = async ({ id, app }: Account) => {
    const api = await apis.of(id);
    await api.request(app === null ? 'GET /user' : 'GET /installation/repositories?per_page=1', {}, 'poll');
  };
  return {
    at(account: Account): Promise<void> {
      const { id } = account;
      if (facts.known(id)) return Promise.resolve();
      const before = asked.get(id);
      if (before !== undefined && now() - before.at < 60_000) return before.answer;
      // What a refusal means for the account is among the facts.
      const answer = ask(account).catch(() => undefined);
      asked.set(id, { at: now(), answer });
      return answer;
    },
    forget: (account: string) => void asked.delete(account),
  };
}

async function loginOf(client: Client): Promise<string | null> {
  try {
    return (await client.request<{ readonly login: string }>('GET /user', {}, 'poll')).data.login;
  } catch {
    return null;
  }
}

/** Clients for accounts that are not there yet, and the proof of who they are. */
function prover(options: AccessOptions, gh: GhToken, device: DeviceSignIn) {
  const clientWith = (place: Place, kind: Account['kind'], credential: Credential): Client =>
    githubClient({
      ...options,
      account: { id: newAccount, forge: 'github', kind, login: 'new', ...place, app: null },
      credentials: { of: () => Promise.resolve(credential), renewed: () => Promise.resolve(null) },
      seen: () => undefined,
    });
  const client = (place: Place, kind: Account['kind'], token: string) =>
    clientWith(place, kind, { kind: 'token', token });
  const person = async (place: Place, kind: Account['kind'], credential: Credential): Promise<SignedIn> => {
    const { login, notes } = await provePerson(clientWith(place, kind, credential));
    const secret = kind === 'gh' ? null : JSON.stringify(credential);
    return { account: { forge: 'github', kind, login, ...place, app: null }, secret, notes };
  };
  return {
    client,
    async signIn(wish: AccountAdd): Promise<SignedIn> {
      const place = placeOf(wish);
      const { way } = wish;
      switch (way.kind) {
        case 'gh':
          return person(place, 'gh', { kind: 'token', token: (await gh(hostOf(place))) ?? noGh(place) });
        case 'token':
          if (!isToken(way.token)) throw notAToken(place);
          return person(place, 'token', { kind: 'token', token: way.token });
        case 'device': {
          const { place: there, credential } = await device.finish(way.signIn);
          return person(there, 'device', credential);
        }
        case 'app': {
          const secret: Credential = { kind: 'app', key: way.key };
          const { login, app, notes } = await proveApp(clientWith(place, 'app', secret), way);
          return {
            account: { forge: 'github', kind: 'app', login, ...place, app },
            secret: JSON.stringify(secret),
            notes,
          };
        }
      }
    },
  };
}

function notAToken(place: Place): ProblemError {
  return problem(
    'usage',
    'That is not a token: it has spaces, line breaks or foreign letters in it.',
    'Give the token alone, as GitHub shows it once when it is made.',
    { link: tokenPage(place) },
  );
}

function noGh(place: Place): never {
  throw problem(
    'unauthorized',
    `The program gh has no login for ${hostOf(place)}, or is not installed.`,
    `Run \`gh auth login --hostname ${hostOf(place)}\` first, or sign in with a token.`,
    { link: tokenPage(place) },
  );
}
