/** The double's GraphQL: one question, answered as strictly as GitHub would. */
import { beforeEach, expect, test } from 'vitest';
import { ask, get, github, use } from './double-kit.ts';

const query = `query ($enterprise: String!, $after: String) {
  enterprise(slug: $enterprise) {
    organizations(first: 100, after: $after) {
      nodes { login viewerIsAMember }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

interface Answered {
  readonly data?: {
    readonly enterprise: {
      readonly organizations: {
        readonly nodes: readonly ({ readonly login: string; readonly viewerIsAMember: boolean } | null)[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      };
    } | null;
  };
  readonly errors?: readonly { readonly type: string; readonly message: string }[];
}

const post = (body: object) =>
  ask('POST', `${github.url}/api/graphql`, body, { 'content-type': 'application/json; charset=utf-8' });

async function organisations(enterprise = 'big', after: string | null = null) {
  const { status, body, headers } = await post({ query, variables: { enterprise, after } });
  const { data, errors } = body as unknown as Answered;
  return { status, headers, list: data?.enterprise?.organizations, errors };
}

beforeEach(() => {
  github.addUser('eve', { enterprises: ['big'] });
  use(github.addToken({ login: 'eve', scopes: ['read:enterprise', 'manage_runners:enterprise'] }));
});

test('tells the organisations of an enterprise in pages, by their names', async () => {
  for (let i = 0; i < 101; i += 1)
    github.addOrganization(`o${String(i).padStart(3, '0')}`, {
      enterprise: 'big',
      members: i === 0 ? ['eve'] : [],
    });
  github.addOrganization('aside');
  const { list: first, headers } = await organisations();
  expect(first?.nodes).toHaveLength(100);
  expect(first?.nodes.slice(0, 2)).toEqual([
    { login: 'o000', viewerIsAMember: true },
    { login: 'o001', viewerIsAMember: false },
  ]);
  expect(first?.pageInfo.hasNextPage).toBe(true);
  expect(headers.get('x-ratelimit-resource')).toBe('graphql');
  const { list: second } = await organisations('big', first?.pageInfo.endCursor);
  expect(second).toMatchObject({ nodes: [{ login: 'o100' }], pageInfo: { hasNextPage: false } });
  expect(github.violations).toEqual([]);
});

test('refuses who may not look, each in its own way', async () => {
  github.addOrganization('acme', { enterprise: 'big', members: ['ann'], sso: true });
  expect((await organisations('other')).errors).toMatchObject([{ type: 'NOT_FOUND' }]);
  expect((await organisations()).errors).toMatchObject([{ type: 'FORBIDDEN' }]);
  expect((await organisations()).list?.nodes).toEqual([null]);
  use(github.addToken({ login: 'eve', scopes: ['repo', 'manage_runners:enterprise'] }));
  expect((await organisations()).errors?.[0]?.type).toBe('INSUFFICIENT_SCOPES');
  use(github.addToken({ login: 'eve', kind: 'fine-grained' }));
  expect((await organisations()).errors?.[0]?.message).toContain('personal access token');
  use(github.addToken({ login: 'ann', scopes: ['read:enterprise'], sso: ['acme'] }));
  expect((await organisations()).list?.nodes).toEqual([{ login: 'acme', viewerIsAMember: true }]);
  use('ghp_nobody');
  expect((await organisations()).status).toBe(401);
  expect(github.violations).toEqual([]);
});

test('understands nothing else', async () => {
  const good = { query, variables: { enterprise: 'big', after: null } };
  for (const body of [
    { ...good, query: '{ viewer { login } }' },
    { ...good, variables: { enterprise: 'big' } },
    { ...good, variables: { ...good.variables, more: 1 } },
    { ...good, operationName: 'x' },
  ])
    expect((await post(body)).status).toBe(400);
  expect((await get(`${github.url}/api/graphql`)).status).toBe(400);
  expect((await organisations('big', 'made up')).errors).toBeDefined();
  expect(github.violations.length).toBeGreaterThanOrEqual(5);
});

test('an enterprise’s group of some organisations serves those alone', async () => {
  for (const login of ['acme', 'shop']) github.addOrganization(login, { enterprise: 'big' });
  const group = github.addGroup('enterprises/big', { name: 'few', visibility: 'selected', chosen: ['acme'] });
  const { body } = await get(`/enterprises/big/actions/runner-groups/${group.id}/organizations`);
  expect(body).toMatchObject({ total_count: 1, organizations: [{ login: 'acme' }] });
  expect(github.violations).toEqual([]);
});
