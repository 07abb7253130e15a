/** What the tests of the double share: a double of its own for each, and the voices of a product and of an agent. */
import { afterEach, beforeEach } from 'vitest';
import { startGitHubDouble, type GitHubDouble } from '../support/github/double.ts';

export const repository = 'ann/tools';
export const runners = `/repos/${repository}/actions/runners`;

export let github: GitHubDouble;
export let token: string;

/** Whose token the product sends from now on in this test. */
export const use = (other: string): void => void (token = other);

beforeEach(async () => {
  github = await startGitHubDouble({
    waits: { online: 200, pickup: 200, lost: 300, deviceInterval: 20, deviceCode: 500 },
  });
  github.addUser('ann');
  github.addRepository(repository);
  token = github.addToken({ login: 'ann', scopes: ['repo', 'admin:org', 'manage_runners:enterprise'] });
});

afterEach(async () => {
  await github.close();
});

/** What the tests read of answers, whatever they answer: a field that an answer lacks is not there at run time. */
interface Fields {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly busy: boolean;
  readonly labels: readonly Fields[];
  readonly message: string;
  readonly total_count: number;
  readonly token: string;
  readonly requestId: number;
  readonly runId: number;
  readonly sessionId: string;
  readonly error: string;
  readonly device_code: string;
  readonly user_code: string;
  readonly runner: Fields;
  readonly runners: readonly Fields[];
  readonly runner_groups: readonly Fields[];
  readonly repositories: readonly Fields[];
  readonly workflow_runs: readonly Fields[];
  readonly jobs: readonly Fields[];
  readonly assets: readonly Fields[];
  readonly account: Fields;
  readonly resources: { readonly core: { readonly remaining: number } };
  readonly encoded_jit_config: string;
  readonly repository: string;
  readonly full_name: string;
  readonly login: string;
  readonly slug: string;
  readonly tag_name: string;
  readonly download_url: string;
  readonly content: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly enabled_repositories: string;
  readonly approval_policy: string;
  readonly access_level: string;
}

export interface Given {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Fields & readonly Fields[];
}

export async function ask(
  method: string,
  route: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Given> {
  const response = await fetch(route.startsWith('http') ? route : github.apiUrl + route, {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'test', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : text) as Given['body'],
  };
}

export const get = (route: string, headers?: Record<string, string>) => ask('GET', route, undefined, headers);

export const jit = (name: string, labels = ['linux'], at = runners, group = 1) =>
  ask('POST', `${at}/generate-jitconfig`, { name, runner_group_id: group, labels });

export interface Agent {
  readonly id: number;
  readonly client: string;
  readonly session: string;
}

export const agentCall = (method: string, route: string, client: string, body?: object) =>
  ask(method, `${github.url}/_agent${route}`, body, { authorization: `Bearer ${client}` });

export function identity(configuration: string): { readonly id: number; readonly client: string } {
  const files = JSON.parse(Buffer.from(configuration, 'base64').toString()) as Record<string, string>;
  const file = (name: string) => JSON.parse(Buffer.from(files[name] ?? '', 'base64').toString()) as unknown;
  const settings = file('.runner') as { readonly AgentId: number };
  const credentials = file('.credentials') as { readonly data: { readonly clientId: string } };
  return { id: settings.AgentId, client: credentials.data.clientId };
}

export async function connect(id: number, client: string, version = '2.336.0'): Promise<Given> {
  const body = { agentId: id, agentName: 'x', version, os: 'Linux', arch: 'X64' };
  return agentCall('POST', '/sessions', client, body);
}

export async function online(name: string, labels?: string[], at?: string, group?: number): Promise<Agent> {
  const { body } = await jit(name, labels, at, group);
  const who = identity(body.encoded_jit_config);
  const { body: opened } = await connect(who.id, who.client);
  return { ...who, session: opened.sessionId };
}

export const poll = (agent: Agent, wait = 0) =>
  agentCall('GET', `/sessions/${agent.session}/message?wait=${wait}`, agent.client);
export const complete = (agent: Agent, request: number, result = 'Succeeded') =>
  agentCall('POST', `/jobs/${request}/complete`, agent.client, { result });
