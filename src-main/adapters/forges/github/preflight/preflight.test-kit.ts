/** A GitHub in which one repository is as it should be, and what its preflight says. */
import { expect } from 'vitest';
import type { Light } from '../../../../contract/commands.ts';
import type { Pool } from '../../../../contract/pool.ts';
import { makePool } from '../../../../core/testing/make.ts';
import { MemoryGitHub } from '../memory.test-kit.ts';
import type { VersionView } from '../agent/releases.ts';
import { preflight } from './preflight.ts';

const basePool = makePool({ forge: 'github', scope: 'ann/app', account: 'me' });
const host = {
  os: 'linux',
  arch: 'x64',
  hostLabels: ['self-hosted', 'linux', 'x64'],
  docker: false,
  hasTool: () => false,
} as const;

export const R = 'GET /repos/ann/app';
export const O = 'GET /orgs/acme';

export type Lights = Record<string, Light>;

/** GitHub offers one version of the runner, and it is used. */
export const version: VersionView = {
  ...{ used: '2.336.0', offered: '2.336.0', ends: null, refused: [], pin: null, updates: true },
};

/** The lights by name; each is in good form, and there is one of each name. */
export async function checkAt(
  github: MemoryGitHub,
  pool: Partial<Pool> = {},
  versions: (scope: string) => Promise<VersionView> = () => Promise.resolve(version),
): Promise<Lights> {
  const parts = { apis: github, versions: (_: unknown, scope: string) => versions(scope) };
  const lights = await preflight(parts).check({ ...basePool, ...pool }, host);
  expect(new Set(lights.map(({ name }) => name)).size).toBe(lights.length);
  for (const light of lights) {
    expect(light.message).toMatch(/^[^\n]*[.!]$/);
    expect(light.ok ? light.hint : (light.hint ?? '').length > 0).toBe(light.ok ? null : true);
    if (light.ok) expect(light.blocks).toBe(false);
  }
  return Object.fromEntries(lights.map((light) => [light.name, light]));
}

export const blocking = (lights: Lights): string[] =>
  Object.values(lights)
    .filter(({ blocks }) => blocks)
    .map(({ name }) => name);

export const bad = (lights: Lights): string[] =>
  Object.values(lights)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

export function workflowsAt(github: MemoryGitHub, at: string, files: Record<string, string>): void {
  github.on(
    `${at}/contents/.github/workflows`,
    Object.entries(files).map(([name, text]) => ({ type: 'file', name, size: text.length })),
  );
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text).toString('base64');
    github.on(`${at}/contents/.github/workflows/${name}`, { content, encoding: 'base64' });
  }
}

export const repository = (name: string, more: object = {}): object => ({
  full_name: name,
  private: true,
  archived: false,
  pushed_at: '2026-01-01T00:00:00Z',
  owner: { login: name.split('/')[0], type: 'User' },
  permissions: { admin: true },
  ...more,
});

export const safeForks = { run_workflows_from_fork_pull_requests: false };
export const forks = `${R}/actions/permissions/fork-pr-workflows-private-repos`;
export const approval = `${R}/actions/permissions/fork-pr-contributor-approval`;
export const good = 'on: push\njobs: { build: { runs-on: [self-hosted, linux], steps: [{ run: echo hi }] } }';

/** What tells whether a token may register runners at `at`, "GET /repos/ann/app". */
export const writeProbe = (at: string): string =>
  `${at.replace('GET', 'POST')}/actions/runners/registration-token`;

/** `ann/app`, private, with one workflow. */
export function gitHubOfAnn(): MemoryGitHub {
  const github = new MemoryGitHub()
    .on('GET /user', { login: 'ann' })
    .on(R, repository('ann/app'))
    .on(`${R}/actions/runners`, { total_count: 0, runners: [] })
    .on(writeProbe(R), { token: 'AAAA', expires_at: '2026-05-01T13:00:00Z' })
    .on(`${R}/actions/permissions`, { enabled: true })
    .on(forks, safeForks);
  workflowsAt(github, R, { 'ci.yml': good });
  return github;
}

/** The same answers to an account of another kind or place. */
export function asAccount(
  former: MemoryGitHub,
  account: ConstructorParameters<typeof MemoryGitHub>[0],
): MemoryGitHub {
  const github = new MemoryGitHub(account);
  for (const [path, reply] of former.replies) github.on(path, reply);
  return github;
}
