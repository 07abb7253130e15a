import { describe, expect, it } from 'vitest';
import { readEnvironment, type Variables } from './environment.ts';

const host = { os: 'linux', arch: 'x64' } as const;
const read = (vars: Variables) => readEnvironment(vars, host);

describe('at GitHub', () => {
  const token = 'sEcReT0123456789';
  const basic = { GITHUB_REPOSITORY: 'octo/app', GITHUB_TOKEN: token };
  const account = (url: string, apiUrl: string, more = {}) => ({
    id: 'env',
    forge: 'github',
    kind: 'environment',
    login: 'GITHUB_TOKEN',
    url,
    apiUrl,
    app: null,
    ...more,
  });
  const atHome = account('https://github.com', 'https://api.github.com');

  it('a repository and a token make the pool and its account; the token is in neither', () => {
    const found = read(basic);
    expect(found).toMatchObject({
      pool: {
        id: 'env',
        forge: 'github',
        scope: 'octo/app',
        account: 'env',
        group: null,
        mode: 'auto',
        min: 0,
      },
      account: atHome,
      tokenVariable: 'GITHUB_TOKEN',
      warnings: [],
      problems: [],
    });
    expect(JSON.stringify(found)).not.toContain(token);
  });

  it('takes all that describes the pool', () => {
    const { pool, warnings } = read({
      ...basic,
      GIT_PLATFORM: 'GitHub',
      RUNNER_MODE: 'ephemeral',
      RUNNER_COUNT: '2',
      RUNNER_LABELS: 'self-hosted,gpu-box',
      RUNNER_GROUP: 'Default',
    });
    expect(pool).toMatchObject({ forge: 'github', mode: 'ephemeral', min: 2, max: 2, labels: ['gpu-box'] });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['https://github.com/octo/app', 'octo/app', atHome],
    ['https://github.com/octo/app.git/', 'octo/app', atHome],
    ['git@github.com:octo/app.git', 'octo/app', atHome],
    ['octo/*', 'octo/*', atHome],
    ['https://github.com/octo', 'octo', atHome],
    [
      'https://acme.ghe.com/octo/app',
      'octo/app',
      account('https://acme.ghe.com', 'https://api.acme.ghe.com'),
    ],
    ['https://git.lab/octo/app', 'octo/app', account('https://git.lab', 'https://git.lab/api/v3')],
    [
      'http://127.0.0.1:81/octo/app',
      'octo/app',
      account('http://127.0.0.1:81', 'http://127.0.0.1:81/api/v3'),
    ],
  ])('GITHUB_REPOSITORY=%s', (text, scope, at) => {
    const found = read({ ...basic, GITHUB_REPOSITORY: text });
    expect(found).toMatchObject({ pool: { scope }, account: at, warnings: [], problems: [] });
  });

  it.each([
    ['GIT_API_URL', 'https://api.github.com/', atHome],
    [
      'GITHUB_API_URL',
      'https://api.acme.ghe.com',
      account('https://acme.ghe.com', 'https://api.acme.ghe.com'),
    ],
    ['GIT_API_URL', 'https://git.lab/api/v3', account('https://git.lab', 'https://git.lab/api/v3')],
    ['GITHUB_API_URL', 'http://127.0.0.1:81', account('http://127.0.0.1:81', 'http://127.0.0.1:81')],
  ])('%s=%s says where the pages are too', (name, text, at) => {
    expect(read({ ...basic, [name]: text })).toMatchObject({ account: at, warnings: [] });
  });

  it('GIT_TOKEN goes before GITHUB_TOKEN', () => {
    expect(read({ ...basic, GIT_TOKEN: 'other' })).toMatchObject({
      tokenVariable: 'GIT_TOKEN',
      account: { login: 'GIT_TOKEN' },
    });
  });

  it('without a token the login of gh is used, or the variables are named', () => {
    const vars = { GITHUB_REPOSITORY: 'octo/app' };
    expect(readEnvironment(vars, { ...host, gh: true })).toMatchObject({
      pool: { account: 'env' },
      account: { ...atHome, kind: 'gh', login: 'gh' },
      tokenVariable: null,
      problems: [],
    });
    expect(read({ ...vars, RUNNER_MODE: 'auto' })).toMatchObject({
      pool: null,
      account: null,
      loginWanted: 'github.com',
      problems: [
        {
          code: 'unauthorized',
          message:
            'GITHUB_REPOSITORY asks for runners at github.com, and neither GITHUB_TOKEN nor GIT_TOKEN is set.',
        },
      ],
    });
  });

  it('a token, an API or a group alone create nothing', () => {
    for (const vars of [{ GITHUB_TOKEN: token }, { GIT_TOKEN: token, GIT_API_URL: 'https://git.lab/api/v3' }])
      expect(read(vars)).toMatchObject({ pool: null, account: null, warnings: [], problems: [] });
    expect(read({ RUNNER_GROUP: 'lab' })).toMatchObject({
      pool: null,
      warnings: [expect.stringMatching(/^RUNNER_GROUP has no effect: only runners at GitHub/)],
    });
  });

  it('what is wrong makes no pool, rather than one at another place', () => {
    for (const vars of [
      { GITHUB_REPOSITORY: 'octo' },
      { GITHUB_REPOSITORY: 'octo/app/x' },
      { GITHUB_REPOSITORY: 'http://git.lab/octo/app' },
      { GIT_API_URL: 'http://git.lab/api/v3' },
      { GITHUB_API_URL: 'git.lab' },
    ]) {
      const { pool, warnings } = read({ ...basic, RUNNER_MODE: 'auto', ...vars });
      expect(pool).toBeNull();
      expect(warnings).toEqual([
        expect.stringMatching(
          `^${Object.keys(vars)[0]} is not valid .*; used instead: nothing, and no pool is made`,
        ),
      ]);
    }
  });

  it('what cannot be had there is a problem', () => {
    expect(read({ ...basic, GITHUB_REPOSITORY: 'octo/*', RUNNER_MODE: 'manual' })).toMatchObject({
      pool: null,
      account: null,
      problems: [{ code: 'usage', subject: 'env' }],
    });
    expect(
      read({ ...basic, GITHUB_REPOSITORY: 'octo/*', RUNNER_MODE: 'ephemeral', RUNNER_COUNT: '3' }),
    ).toMatchObject({ pool: { min: 0, max: 3 }, problems: [] });
    // Of an enterprise the demand can be read.
    expect(read({ ...basic, GITHUB_REPOSITORY: 'enterprises/big' })).toMatchObject({
      pool: { scope: 'enterprises/big', mode: 'auto' },
      problems: [],
    });
  });

  it('the group is one of an organisation', () => {
    const at = (repository: string) =>
      read({ ...basic, GITHUB_REPOSITORY: repository, RUNNER_GROUP: 'Lab machines' });
    expect(at('https://github.com/octo')).toMatchObject({ pool: { group: 'Lab machines' }, warnings: [] });
    expect(at('octo/app')).toMatchObject({
      pool: { group: null },
      warnings: [expect.stringMatching(/^RUNNER_GROUP has no effect: only organisations/)],
    });
  });

  it('other forges make no pool, and the local one has no repository', () => {
    for (const [vars, name] of [
      [{ ...basic, GIT_PLATFORM: 'gitea' }, 'GIT_PLATFORM'],
      [{ GITLAB_PROJECT_ID: '7', GIT_TOKEN: token, RUNNER_MODE: 'auto' }, 'GITLAB_PROJECT_ID'],
    ] as const)
      expect(read(vars)).toMatchObject({
        pool: null,
        warnings: [expect.stringMatching(`^${name} asks for a pool at another forge, which is not part`)],
      });
    expect(read({ ...basic, GIT_PLATFORM: 'local', RUNNER_MODE: 'auto' })).toMatchObject({
      pool: { forge: 'local', scope: null, account: null },
      warnings: ['GITHUB_REPOSITORY has no effect with GIT_PLATFORM=local.'],
    });
    expect(read({ GIT_PLATFORM: 'github', RUNNER_MODE: 'auto' })).toMatchObject({
      pool: { forge: 'local' },
      warnings: ['GIT_PLATFORM=github has no effect: GITHUB_REPOSITORY names no repository.'],
    });
  });
});
