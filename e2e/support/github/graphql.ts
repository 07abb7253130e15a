/** GraphQL, as far as a supervisor asks by it: the organisations of an enterprise, which the REST API does not list. */
import type { IncomingHttpHeaders } from 'node:http';
import { authenticate, ssoBlocks } from './access.ts';
import { type Answer, refusal } from './call.ts';
import type { Organization, Token } from './model.ts';
import { same } from './model.ts';
import type { World } from './world.ts';

/** Where an own server has it. */
export const graphqlPath = '/api/graphql';

export interface GraphCall {
  readonly world: World;
  readonly violations: string[];
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The one question that is understood, whatever its white space. */
const known = `query ($enterprise: String!, $after: String) { enterprise(slug: $enterprise) {
  organizations(first: 100, after: $after) { nodes { login viewerIsAMember } pageInfo { hasNextPage endCursor } }
} }`;
const perPage = 100;
const scopes = ['read:enterprise', 'admin:enterprise'];
const hourMs = 3_600_000;

interface Fault {
  readonly type: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: object;
}

const plain = (query: string): string => query.replaceAll(/\s+/g, ' ').trim();
const cursorOf = (login: string): string => Buffer.from(`v1:${login.toLowerCase()}`).toString('base64');

/** The variables of the request; a sentence: what is wrong with it. */
function asked({ method, headers, body }: GraphCall): string | { enterprise: string; after: string | null } {
  if (method !== 'POST') return `${method} is no way to ask`;
  if (headers['content-type']?.startsWith('application/json') !== true) return 'the body is not called JSON';
  let sent: { query?: unknown; variables?: Record<string, unknown> };
  try {
    sent = JSON.parse(body) as typeof sent;
  } catch {
    return 'the body is no JSON';
  }
  if (Object.keys(sent).sort().join() !== 'query,variables') return `it has ${Object.keys(sent).join()}`;
  if (typeof sent.query !== 'string' || plain(sent.query) !== plain(known)) return 'the query is another';
  const { enterprise, after, ...more } = sent.variables ?? {};
  if (typeof enterprise !== 'string' || Object.keys(more).length > 0) return 'the variables are others';
  if (after !== null && typeof after !== 'string') return 'the cursor is no text';
  return { enterprise, after };
}

function faulty(...errors: readonly Fault[]): Answer {
  return { status: 200, body: { data: { enterprise: null }, errors } };
}

function lacksScope({ scopes: granted }: Token): Answer {
  const message = `Your token has not been granted the required scopes to execute this query. The 'organizations' field requires one of the following scopes: ['${scopes.join("', '")}'], but your token has only been granted the: ['${granted.join("', '")}'] scopes. Please modify your token's scopes at: https://github.com/settings/tokens.`;
  return { status: 200, body: { errors: [{ type: 'INSUFFICIENT_SCOPES', message }] } };
}

/** Who administers the enterprise sees all; a member of one of its organisations those that it is a member of. */
function visible(world: World, { login }: Token, enterprise: string): readonly Organization[] | null {
  const all = [...world.organizations.values()].filter(
    (one) => one.enterprise !== null && same(one.enterprise, enterprise),
  );
  const who = login.toLowerCase();
  if (world.users.get(who)?.enterprises.has(enterprise.toLowerCase()) === true) return all;
  const own = all.filter(({ members }) => members.has(who));
  return own.length > 0 ? own : null;
}

function organizations(
  { world, violations }: GraphCall,
  token: Token,
  { enterprise, after }: { readonly enterprise: string; readonly after: string | null },
): Answer {
  const seen = visible(world, token, enterprise);
  if (seen === null)
    return faulty({
      type: 'NOT_FOUND',
      path: ['enterprise'],
      message: `Could not resolve to a Business with the URL slug of '${enterprise}'.`,
    });
  const sorted = seen.toSorted((a, b) => (a.login.toLowerCase() < b.login.toLowerCase() ? -1 : 1));
  const from = after === null ? 0 : sorted.findIndex(({ login }) => cursorOf(login) === after) + 1;
  if (after !== null && from === 0) {
    violations.push(`GraphQL: the cursor ${after} was not given out`);
    return faulty({
      type: 'INVALID_CURSOR_ARGUMENTS',
      message: `\`${after}\` does not appear to be a valid cursor.`,
    });
  }
  const page = sorted.slice(from, from + perPage);
  const errors = page.flatMap((one, index): Fault[] =>
    ssoBlocks(token, one)
      ? [
          {
            type: 'FORBIDDEN',
            path: ['enterprise', 'organizations', 'nodes', index],
            extensions: { saml_failure: true },
            message:
              'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
          },
        ]
      : [],
  );
  const nodes = page.map((one) =>
    ssoBlocks(token, one)
      ? null
      : { login: one.login, viewerIsAMember: one.members.has(token.login.toLowerCase()) },
  );
  const last = page.at(-1);
  const pageInfo = {
    hasNextPage: from + page.length < sorted.length,
    endCursor: last === undefined ? null : cursorOf(last.login),
  };
  const data = { enterprise: { organizations: { nodes, pageInfo } } };
  return { status: 200, body: errors.length > 0 ? { data, errors } : { data } };
}

function answered(call: GraphCall, token: Token): Answer {
  const { headers, violations } = call;
  if (!headers['user-agent']) return refusal(403, 'Request forbidden by administrative rules.');
  const question = asked(call);
  if (typeof question === 'string') {
    violations.push(`GraphQL: ${question}`);
    return refusal(400, 'Problems parsing JSON');
  }
  if (token.kind !== 'classic') {
    const who = token.kind === 'app' ? 'integration' : 'personal access token';
    const message = `Resource not accessible by ${who}`;
    return faulty({ type: 'FORBIDDEN', path: ['enterprise', 'organizations'], message });
  }
  if (!token.scopes.some((scope) => scopes.includes(scope))) return lacksScope(token);
  return organizations(call, token, question);
}

/** Answers a question; its limit is another than that of the REST API. Throws `Refused` for a bad token. */
export function graphql(call: GraphCall): Answer & { readonly login: string | null } {
  const bearer = /^(?:bearer|token) (.+)$/i.exec(call.headers.authorization ?? '')?.[1] ?? null;
  const token = authenticate(call.world, bearer);
  if (token === null)
    return { ...refusal(401, 'This endpoint requires you to be authenticated.'), login: null };
  const reset = String(Math.ceil((call.world.now() + hourMs) / 1000));
  return {
    ...answered(call, token),
    login: token.login,
    headers: {
      ...(token.kind === 'classic' ? { 'x-oauth-scopes': token.scopes.join(', ') } : {}),
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4999',
      'x-ratelimit-used': '1',
      'x-ratelimit-reset': reset,
      'x-ratelimit-resource': 'graphql',
    },
  };
}
