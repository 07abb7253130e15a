/** Signing in by a code that a person types at the forge's page. */
import { randomUUID } from 'node:crypto';
import type { SignIn } from '../../../../contract/account.ts';
import { problem, type ProblemError } from '../../../../contract/problem.ts';
import type { Credential } from '../api/credential.ts';
import { newAccount, unreachable } from '../api/network.ts';
import { openOctokit, type OctokitRequest } from '../api/octokit.ts';
import { problemIn, transport } from '../api/transport.ts';
import { hostOf, type Place, scopesFor } from './place.ts';

export type DeviceCredential = Extract<Credential, { kind: 'device' }>;

export interface DeviceOptions {
  /** Of the OAuth or GitHub App that this build signs in as; null: none. */
  readonly clientId: string | null;
  readonly userAgent: string;
  readonly now: () => number;
  /** How requests go over the network; default: Node's own fetch. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface DeviceSignIn {
  /** `organisations`: an OAuth App asks for what those take too. */
  begin(place: Place, organisations: boolean): Promise<SignIn>;
  /** Waits until the person has typed the code, declined, or let it expire. */
  finish(signIn: string): Promise<{ readonly place: Place; readonly credential: DeviceCredential }>;
  refresh(place: Place, refreshToken: string): Promise<DeviceCredential>;
}

interface Pending {
  readonly place: Place;
  readonly done: Promise<DeviceCredential>;
  readonly stop: AbortController;
}

interface Begun extends Omit<Pending, 'place'> {
  readonly signIn: SignIn;
}

const timeoutMs = 30_000;

export function deviceSignIn(options: DeviceOptions): DeviceSignIn {
  const { now, clientId } = options;
  /** The newest alone: who begins anew has left the former. */
  let pending = null as (Pending & { readonly id: string }) | null;
  return {
    async begin(place, organisations) {
      if (clientId === null) throw noClient();
      pending?.stop.abort();
      const begun: Begun = await start(place, { ...options, clientId, organisations });
      pending = { done: begun.done, stop: begun.stop, id: begun.signIn.id, place };
      return begun.signIn;
    },
    async finish(id) {
      const asked = pending;
      if (asked?.id !== id) throw over();
      const credential = await asked.done;
      if (pending === asked) pending = null;
      return { place: asked.place, credential };
    },
    async refresh(place, refreshToken) {
      if (clientId === null) throw noClient();
      const request = await loginRequest(place, options);
      try {
        const answer = await request('POST /login/oauth/access_token', {
          headers: { accept: 'application/json' },
          client_id: clientId,
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
        });
        return refreshed(answer.data as Refreshed, place, now());
      } catch (thrown) {
        throw failureAt(place, thrown);
      }
    },
  };
}

/** Asks for a code, and from then on whether it was typed. */
async function start(
  place: Place,
  options: DeviceOptions & { readonly clientId: string; readonly organisations: boolean },
): Promise<Begun> {
  const { clientId, organisations } = options;
  const { createOAuthDeviceAuth } = await import('@octokit/auth-oauth-device');
  const stop = new AbortController();
  const request = await loginRequest(place, options, stop.signal);
  let told: (signIn: SignIn) => void = () => undefined;
  const signIn = new Promise<SignIn>((resolve) => (told = resolve));
  const parts = {
    clientId,
    request,
    onVerification: (code: { user_code: string; verification_uri: string; expires_in: number }) =>
      told({
        id: randomUUID(),
        code: code.user_code,
        page: pageAt(place, code.verification_uri),
        expiresAt: options.now() + code.expires_in * 1000,
      }),
  };
  const done = (
    isGitHubApp(clientId)
      ? createOAuthDeviceAuth({ ...parts, clientType: 'github-app' })({ type: 'oauth' })
      : createOAuthDeviceAuth({ ...parts, clientType: 'oauth-app', scopes: scopesFor(organisations) })({
          type: 'oauth',
        })
  ).then(credentialOf, (thrown: unknown) => {
    throw failureAt(place, thrown);
  });
  done.catch(() => undefined); // Told to who finishes; nobody may.
  const begun: SignIn = await Promise.race([signIn, done.then(() => signIn)]);
  return { signIn: begun, done, stop };
}

/** Client ids of GitHub Apps begin so; those of OAuth Apps do not. */
export const isGitHubApp = (clientId: string): boolean => clientId.startsWith('Iv');

function credentialOf(made: { token: string; refreshToken?: string; expiresAt?: string }): DeviceCredential {
  return {
    kind: 'device',
    token: made.token,
    refresh: made.refreshToken ?? null,
    expiresAt: made.expiresAt === undefined ? null : Date.parse(made.expiresAt),
  };
}

async function loginRequest(
  place: Place,
  { userAgent, fetch: over }: DeviceOptions,
  signal?: AbortSignal,
): Promise<OctokitRequest> {
  const request = await openOctokit({ baseUrl: place.url, userAgent, id: newAccount });
  const admit = () => () => undefined;
  const answered = () => undefined;
  const fetch = transport({ fetch: over, timeoutMs, admit, answered, ...(signal && { signal }) });
  return request.defaults({ request: { fetch, retries: 0 } });
}

/** The page where the code is typed, if it is one of the forge itself: a person will enter a password there. */
function pageAt(place: Place, page: string): string {
  const ours = `${place.url}/login/device`;
  return URL.canParse(page) && new URL(page).origin === new URL(place.url).origin ? page : ours;
}

interface Refreshed {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly expires_in?: number;
}

function refreshed(data: Refreshed, place: Place, now: number): DeviceCredential {
  if (data.access_token === undefined) {
    throw problem(
      'unauthorized',
      `The sign-in at ${hostOf(place)} cannot be prolonged any more.`,
      'Sign in again under Accounts, or with `homerunner account add --forge github --device`.',
    );
  }
  return {
    kind: 'device',
    token: data.access_token,
    refresh: data.refresh_token ?? null,
    expiresAt: data.expires_in === undefined ? null : now + data.expires_in * 1000,
  };
}

const again = 'Begin again, and type the code on the page that opens.';
const endings: Readonly<Record<string, string>> = {
  expired_token: 'The code has expired before it was typed.',
  access_denied: 'The sign-in was declined on the page.',
  device_flow_disabled: 'The App that this build signs in as does not allow signing in by a code.',
  incorrect_client_credentials: 'The forge does not know the client id that this build signs in with.',
};

function failureAt(place: Place, thrown: unknown): ProblemError {
  const known = problemIn(thrown);
  if (known !== null) return known;
  const response = thrown instanceof Error && 'response' in thrown ? thrown.response : null;
  const data = (response as { data?: { error?: string } } | null | undefined)?.data;
  const words = endings[data?.error ?? ''];
  if (words !== undefined) return problem('unauthorized', words, again);
  if (response == null) return unreachable(thrown, hostOf(place), newAccount);
  return problem('forge-unreachable', `${hostOf(place)} does not offer signing in by a code.`, byToken);
}

const byToken = 'Sign in with a token instead.';

function noClient() {
  return problem(
    'usage',
    'This build has no client id for signing in by a code.',
    'Sign in with a token instead, or name an App of yours: `homerunner config set github.clientId ID`, then start again.',
  );
}

function over() {
  return problem('usage', 'This sign-in is over, or another one was begun since.', again);
}
