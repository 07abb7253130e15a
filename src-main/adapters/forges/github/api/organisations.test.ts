import { describe, expect, it } from 'vitest';
import { accountAt, clientOf, failure, json, smallForge } from './api.test-kit.ts';
import { organisationsOf } from './organisations.ts';

const forge = smallForge();
const classic = { 'x-oauth-scopes': 'manage_runners:enterprise, read:enterprise, repo' };
const asking = async (apiUrl?: string) => {
  const account = accountAt(forge.origin, apiUrl === undefined ? {} : { apiUrl });
  return organisationsOf(await clientOf(forge, { account }), 'big', 'poll');
};
const page = (logins: readonly (string | null)[], endCursor: string | null = null) => ({
  enterprise: {
    organizations: {
      nodes: logins.map((login) => login && { login, viewerIsAMember: login !== 'other' }),
      pageInfo: { hasNextPage: endCursor !== null, endCursor },
    },
  },
});
const answers = (body: unknown, headers: Record<string, string> = classic) => {
  forge.handler = (_request, response) => json(response, 200, body, headers);
};

describe('the organisations of an enterprise', () => {
  it('are read in pages', async () => {
    const asked: unknown[] = [];
    forge.handler = (_request, response, body) => {
      const { variables } = JSON.parse(body) as { variables: { after: string | null } };
      asked.push(variables);
      const data = variables.after === null ? page(['acme', 'other'], 'c1') : page(['shop']);
      json(response, 200, { data }, classic);
    };
    expect(await asking()).toEqual({
      organisations: [
        { login: 'acme', isMember: true },
        { login: 'other', isMember: false },
        { login: 'shop', isMember: true },
      ],
      hidden: null,
    });
    expect(asked).toEqual([
      { enterprise: 'big', after: null },
      { enterprise: 'big', after: 'c1' },
    ]);
    expect(forge.asked[0]).toBe('POST /api/graphql');
  });

  it('are asked for beside the API of github.com', async () => {
    answers({ data: page(['acme']) });
    expect((await asking(forge.origin)).organisations).toHaveLength(1);
    expect(forge.asked).toEqual(['POST /graphql']);
  });

  it('that are hidden are told, with why', async () => {
    const errors = [{ type: 'FORBIDDEN', message: 'Resource protected by organization SAML enforcement.' }];
    answers({ data: page(['acme', null]), errors });
    const { organisations, hidden } = await asking();
    expect(organisations).toHaveLength(1);
    expect(hidden).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('SAML enforcement.'),
    });
  });
});

describe('who may not list them', () => {
  it.each([
    ['told by its type', { data: null, errors: [{ type: 'INSUFFICIENT_SCOPES', message: 'No.' }] }],
    [
      'told that there is none',
      { data: { enterprise: null }, errors: [{ type: 'NOT_FOUND', message: 'No.' }] },
    ],
    ['told nothing', { data: { enterprise: null } }],
  ])('learns which scope is missing: %s', async (_, body) => {
    answers(body, { 'x-oauth-scopes': 'manage_runners:enterprise, repo' });
    const problem = await failure(asking());
    expect(problem).toMatchObject({ code: 'forbidden', link: `${forge.origin}/settings/tokens` });
    expect(problem.message).toContain(
      'list the organisations of the enterprise big: it lacks the scope read:enterprise.',
    );
    expect(problem.hint).toContain('Grant it to the token');
  });

  it('with a token that has no scopes learns that it takes a classic one', async () => {
    const errors = [{ type: 'FORBIDDEN', message: 'Resource not accessible by personal access token' }];
    answers({ data: { enterprise: null }, errors }, {});
    const problem = await failure(asking());
    expect(problem).toMatchObject({ code: 'forbidden', hint: expect.stringContaining('read:enterprise') });
    expect(problem.message).toContain('no classic one');
    expect(problem.link).toContain('/settings/tokens/new?');
  });

  it('with a sign-in that asks for no such scope learns the same', async () => {
    answers({ data: { enterprise: null } }, { 'x-oauth-scopes': 'repo, admin:org' });
    const account = accountAt(forge.origin, { kind: 'device' });
    const problem = await failure(organisationsOf(await clientOf(forge, { account }), 'big', 'must'));
    expect(problem.message).toContain('read:enterprise');
    expect(problem.link).toContain('/settings/tokens/new?');
  });

  it('learns that there is no such enterprise', async () => {
    answers({ data: { enterprise: null }, errors: [{ type: 'NOT_FOUND', message: 'Could not resolve.' }] });
    expect(await failure(asking())).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('big'),
    });
  });
});

describe('what GitHub cannot answer', () => {
  it.each(['/api/v3', ''])(
    'is asked for again, and keeps no other question waiting (API at "%s")',
    async (at) => {
      const errors = [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 1.' }];
      answers({ errors }, { ...classic, 'x-ratelimit-resource': 'graphql', 'x-ratelimit-remaining': '0' });
      const problem = await failure(asking(forge.origin + at));
      expect(problem).toMatchObject({
        code: 'forge-unreachable',
        message: expect.stringContaining('rate limit'),
      });
    },
  );

  it('is an outage', async () => {
    answers({ data: null, errors: [{ message: 'Something went wrong while executing your query.' }] });
    expect((await failure(asking())).code).toBe('forge-unreachable');
    forge.handler = (request) => void request.socket.destroy();
    for (const at of ['/api/v3', ''])
      expect((await failure(asking(forge.origin + at))).code).toBe('forge-unreachable');
    answers([]);
    expect((await failure(asking())).message).toContain('Something else than the API');
  });
});
