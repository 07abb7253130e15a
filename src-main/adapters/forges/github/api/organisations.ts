/** The organisations of an enterprise: GitHub lists them by its GraphQL API alone. */
import type { Account } from '../../../../contract/account.ts';
import { type Problem, problem, type ProblemError } from '../../../../contract/problem.ts';
import { scopesIn } from './permissions.ts';
import { lacking, notTheApi } from './refusals.ts';
import type { ApiAnswer, GitHubApi, Urgency } from './types.ts';

export interface Organisation {
  readonly login: string;
  /** Who is no member of an organisation sees its public and internal repositories alone. */
  readonly isMember: boolean;
}

export interface Organisations {
  readonly organisations: readonly Organisation[];
  /** Why GitHub hides others; null: it tells all that there are. */
  readonly hidden: Problem | null;
}

const query = `query ($enterprise: String!, $after: String) {
  enterprise(slug: $enterprise) {
    organizations(first: 100, after: $after) {
      nodes { login viewerIsAMember }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;
const mostPages = 20;
/** Either is enough to list them. */
const scopes = ['read:enterprise', 'admin:enterprise'];

interface Answered {
  readonly data?: {
    readonly enterprise: {
      readonly organizations: {
        /** Null: one that is hidden, with an error that says why. */
        readonly nodes: readonly ({ readonly login: string; readonly viewerIsAMember: boolean } | null)[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      };
    } | null;
  } | null;
  readonly errors?: readonly Fault[];
}

interface Fault {
  readonly type?: string;
  readonly message: string;
}

/** Throws a Problem: `forbidden` names the scope that is missing, `not-found` where there is no such enterprise. */
export async function organisationsOf(
  api: GitHubApi,
  enterprise: string,
  urgency: Urgency,
): Promise<Organisations> {
  const organisations: Organisation[] = [];
  let fault: Fault | null = null;
  let after: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const answer: ApiAnswer<Answered> = await api.request<Answered>(
      'POST /graphql',
      { baseUrl: baseOf(api.account), query, variables: { enterprise, after } },
      urgency,
    );
    const { errors = [] } = answer.data;
    const found = answer.data.data?.enterprise?.organizations;
    if (found === undefined) throw refused(api.account, enterprise, answer);
    for (const node of found.nodes)
      if (node !== null) organisations.push({ login: node.login, isMember: node.viewerIsAMember });
    fault ??= errors[0] ?? null;
    after = found.pageInfo.endCursor;
    if (!found.pageInfo.hasNextPage || after === null) break;
  }
  return { organisations, hidden: fault === null ? null : hides(api.account, enterprise, fault) };
}

/** An own server has its REST API at /api/v3, and GraphQL at /api/graphql. */
function baseOf({ apiUrl }: Account): string {
  return apiUrl.replace(/\/api\/v3\/?$/, '/api');
}

/** A token that may not look is told so, or that there is no such enterprise, or nothing at all. */
function refused(
  account: Account,
  enterprise: string,
  { data: { data, errors }, headers }: ApiAnswer<Answered>,
): ProblemError {
  const fault = errors?.[0];
  const granted = scopesIn(headers['x-oauth-scopes']);
  const lacks = granted?.some((scope) => scopes.includes(scope)) === false;
  const isClosed =
    fault === undefined ? data?.enterprise === null : ['FORBIDDEN', 'NOT_FOUND'].includes(fault.type ?? '');
  if (fault?.type === 'INSUFFICIENT_SCOPES' || (isClosed && lacks))
    return lacking(
      account,
      wish(enterprise),
      `the scope ${scopes[0] ?? ''}`,
      // Signing in by a code asks for no such scope.
      account.kind === 'device' ? classic(account) : undefined,
    );
  if (isClosed) return granted === null ? notClassic(account, enterprise) : absent(account, enterprise);
  if (fault === undefined) return notTheApi(account);
  return problem(
    'forge-unreachable',
    sentence(`GitHub cannot list the organisations of the enterprise ${enterprise} now: ${fault.message}`),
    'They are asked for again by themselves.',
    { subject: account.id },
  );
}

function notClassic(account: Account, enterprise: string): ProblemError {
  const { hint, link } = classic(account);
  return problem(
    'forbidden',
    `The account ${account.id} (${account.login}) may not ${wish(enterprise)}: its token is no classic one.`,
    hint,
    { link, subject: account.id },
  );
}

/** What an enterprise takes, and the page that makes it. */
function classic({ url }: Account): { readonly hint: string; readonly link: string } {
  const needed = ['manage_runners:enterprise', 'read:enterprise', 'repo'];
  return {
    hint: `Add an account with a classic token that has the scopes ${needed.join(', ')}, and name it in the pool.`,
    link: `${url}/settings/tokens/new?description=Homerunner&scopes=${needed.join(',')}`,
  };
}

function absent(account: Account, enterprise: string): ProblemError {
  return problem(
    'not-found',
    `${new URL(account.url).host} tells the account ${account.id} (${account.login}) of no enterprise called ${enterprise}.`,
    'Check the name as its address has it, and that the account belongs to the enterprise.',
    { subject: account.id },
  );
}

function hides(account: Account, enterprise: string, fault: Fault): Problem {
  return problem(
    'forbidden',
    sentence(
      `GitHub hides organisations of the enterprise ${enterprise} from the account ${account.id}, with the jobs that wait there: ${fault.message}`,
    ),
    'Authorise the token for them where they want single sign-on, or make a pool for each organisation with an account of its own.',
    { subject: account.id },
  ).problem;
}

const wish = (enterprise: string): string => `list the organisations of the enterprise ${enterprise}`;

const sentence = (words: string): string => words.replace(/\.?$/, '.');
