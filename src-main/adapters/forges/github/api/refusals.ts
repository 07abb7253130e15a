/** What an answer that is no success means: a Problem that says what is wrong, what to do, and where. */
import type { Account } from '../../../../contract/account.ts';
import { problem, ProblemError } from '../../../../contract/problem.ts';
import type { Headers } from './limits.ts';
import { newAccount } from './network.ts';
import { permissionsInWords, scopesIn } from './permissions.ts';

/** An answer with a status of 400 and more. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  /** Its `message`; empty where there is none. */
  readonly words: string;
  /** What was asked for, "GET /repos/acme/site". */
  readonly request: string;
}

/** GitHub understood and says no (400, 409, 422, …): `words` are its own. */
export class RefusedError extends ProblemError {
  readonly status: number;
  readonly words: string;
  constructor({ status, words, request }: Refusal, account: string) {
    super({
      code: 'unexpected',
      message: `GitHub refused ${request}: ${words || `status ${status}`}`.replace(/\.?$/, '.'),
      hint: 'If this happens again, report it with these words.',
      subject: account,
    });
    this.name = 'RefusedError';
    this.status = status;
    this.words = words;
  }
}

/** The problem of a refusal that is not about limits. */
export function refusalOf(refusal: Refusal, account: Account): ProblemError {
  switch (refusal.status) {
    case 401:
      return notAccepted(account);
    case 403:
    case 451:
      return forbidden(refusal, account);
    case 404:
    case 410:
      return notFound(refusal, account);
    case 409:
      return /already exists/i.test(refusal.words)
        ? nameTaken(refusal, account)
        : new RefusedError(refusal, account.id);
    default:
      return refusal.status >= 500 || refusal.status === 408
        ? outage(refusal, account)
        : new RefusedError(refusal, account.id);
  }
}

const hostOf = ({ url }: Account): string => new URL(url).host;

/** Where the credential of an account is looked after by hand. */
function credentialPage({ kind, url }: Account): string {
  if (kind === 'app') return `${url}/settings/apps`;
  return kind === 'gh' || kind === 'device' ? `${url}/settings/applications` : `${url}/settings/tokens`;
}

function notAccepted(account: Account): ProblemError {
  const what = account.kind === 'app' ? 'private key' : 'token';
  return problem(
    'unauthorized',
    `The ${what} of the account ${account.id} (${account.login}) is not accepted by ${hostOf(account)}: it was revoked, has expired or is wrong.`,
    signInAgain(account),
    { link: credentialPage(account), subject: account.id },
  );
}

/** What brings an account back whose secret is gone or no longer accepted. */
export function signInAgain({ kind, url, app }: Account): string {
  const at = url === 'https://github.com' ? '' : ` --url ${url}`;
  const add = `homerunner account add --forge github${at}`;
  switch (kind) {
    case 'gh':
      return `Sign in with \`gh auth login --hostname ${new URL(url).host}\`.`;
    case 'environment':
      return 'Set a new token in the environment (GITHUB_TOKEN or GIT_TOKEN) and start Homerunner again.';
    case 'app':
      return `Make a new private key on the App's page, and add the account again with it: \`${add} --app ${app?.id ?? 'ID'} --key-file FILE\`.`;
    case 'device':
      return `Sign in again under Accounts, or with \`${add} --device\`.`;
    case 'token':
      return `Sign in again under Accounts, or with \`${add} --token-stdin\`.`;
  }
}

function forbidden(refusal: Refusal, account: Account): ProblemError {
  const sso = ssoLink(refusal.headers, account);
  if (sso !== null) {
    return problem(
      'forbidden',
      `The organisation wants single sign-on, and the token of the account ${account.id} has not been authorised for it.`,
      'Open the link, authorise the token there, and try again.',
      { link: sso, subject: account.id },
    );
  }
  if (refusal.status === 403 && /archived|read-only/i.test(refusal.words)) {
    return saysNo(refusal, account, 'An archived repository takes no runners: remove it from the pool.');
  }
  const lacks = missing(refusal.headers);
  if (lacks === null) {
    return saysNo(refusal, account, 'Check what the account may do there, and the rules of its owner.');
  }
  return lacking(account, inWords(refusal.request), lacks);
}

/** The account may not do what is wished ("list the runners of …"), as it lacks a scope or permission. */
export function lacking(
  account: Account,
  wish: string,
  lacks: string,
  grant = { hint: whereToGrant(account), link: credentialPage(account) },
): ProblemError {
  return problem(
    'forbidden',
    `The account ${account.id} (${account.login}) may not ${wish}: it lacks ${lacks}.`,
    grant.hint,
    { link: grant.link, subject: account.id },
  );
}

function saysNo({ request, words, status }: Refusal, account: Account, hint: string): ProblemError {
  const reason = words || `status ${status}`;
  return problem(
    'forbidden',
    `GitHub does not let the account ${account.id} ${inWords(request)}: ${reason}`.replace(/\.?$/, '.'),
    hint,
    { subject: account.id },
  );
}

/** What is missing, in words, as far as the headers tell. */
function missing(headers: Headers): string | null {
  const scopes = scopesIn(headers['x-oauth-scopes']);
  const wanted = scopesIn(headers['x-accepted-oauth-scopes']);
  if (scopes !== null && wanted !== null && wanted.length > 0) {
    if (wanted.some((scope) => scopes.includes(scope))) return null;
    return `the scope ${wanted.join(' or ')}`;
  }
  const permissions = permissionsInWords(String(headers['x-accepted-github-permissions'] ?? ''));
  return permissions === '' ? null : permissions;
}

function whereToGrant({ kind }: Account): string {
  switch (kind) {
    case 'app':
      return 'Grant it to the App under "Permissions & events", and accept it at the installation.';
    case 'gh':
      return 'Grant a scope with `gh auth refresh --scopes NAME`; repositories of others need their owner to give you the role Admin.';
    case 'device':
      return 'Sign in again to grant it; repositories of others need their owner to give you the role Admin.';
    case 'token':
    case 'environment':
      return 'Grant it to the token on its page, or make another token that has it.';
  }
}

/** `x-github-sso: required; url=…`: a page of the account's own forge, else null. */
function ssoLink(headers: Headers, account: Account): string | null {
  const link = /^required;\s*url=(\S+)$/.exec(String(headers['x-github-sso'] ?? ''))?.[1];
  if (link === undefined || !URL.canParse(link)) return null;
  return new URL(link).origin === new URL(account.url).origin ? link : null;
}

function notFound({ request }: Refusal, account: Account): ProblemError {
  return problem(
    'not-found',
    `${hostOf(account)} does not know ${placeOf(request)}, or the account ${account.id} (${account.login}) may not see it.`,
    'Check the name, and that the account’s token covers it: a token that may not see a private repository gets the same answer.',
    { subject: account.id },
  );
}

function nameTaken({ words }: Refusal, account: Account): ProblemError {
  return problem('name-taken', `GitHub says: ${words}`, 'It is tried again with another name.', {
    subject: account.id,
  });
}

function outage({ status }: Refusal, account: Account): ProblemError {
  return problem(
    'forge-unreachable',
    `${hostOf(account)} cannot answer now (status ${status}).`,
    `${account.id === newAccount ? 'Try again later' : 'It is asked again by itself'}; githubstatus.com tells of outages of github.com.`,
    { subject: account.id },
  );
}

/** An answer that is not the API's: a proxy's page, or half a text. */
export function notTheApi(account: Account): ProblemError {
  return problem(
    'forge-unreachable',
    `Something else than the API of GitHub answers at ${new URL(account.apiUrl).host}.`,
    'Check the API address of the account; a network may also want a sign-in of its own first.',
    { subject: account.id },
  );
}

/** "GET /repos/acme/site/actions/runners" as what was wished. */
function inWords(request: string): string {
  const [method = '', path = ''] = request.split(' ');
  const place = placeOf(request);
  if (!path.includes('/actions/runner')) return method === 'GET' ? `read ${place}` : `change ${place}`;
  if (method === 'GET') return `list the runners of ${place}`;
  return method === 'DELETE' ? `remove runners of ${place}` : `register runners at ${place}`;
}

function placeOf(request: string): string {
  const path = request.split(' ')[1] ?? '';
  const [kind, ...names] = path.split('/').slice(1).map(decoded);
  const [first, second] = names;
  if (kind === 'repos' && second !== undefined) return `the repository ${first}/${second}`;
  if (kind === 'orgs' && first !== undefined) return `the organisation ${first}`;
  if (kind === 'enterprises' && first !== undefined) return `the enterprise ${first}`;
  return path;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
