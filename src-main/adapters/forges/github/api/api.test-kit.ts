/** A small GitHub on loopback whose answers a test gives, and a client that asks it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Account } from '../../../../contract/account.ts';
import { type Problem, problemOf } from '../../../../contract/problem.ts';
import { githubApis } from './apis.ts';
import { requestBudget } from './budget.ts';
import type { Credential } from './credential.ts';
import type { GitHubApi } from './types.ts';

export const token = 'ghp_TheTokenThatMustNeverShow0123456789';
export const docs = 'https://docs.github.com/rest';
export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export function json(
  response: ServerResponse,
  status: number,
  data: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(data));
}

export interface SmallForge {
  origin: string;
  /** What it answers; each test sets its own. */
  handler: Handler;
  /** "METHOD path" of what it was asked. */
  asked: string[];
  /** The time of forge and client, wall-clock milliseconds. */
  now: number;
}

/** One for each test of the file. */
export function smallForge(): SmallForge {
  const forge: SmallForge = { origin: '', handler: () => undefined, asked: [], now: 0 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      forge.asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      response.setHeader('date', new Date(forge.now).toUTCString());
      forge.handler(request, response, body);
    });
  });
  beforeEach(async () => {
    forge.asked = [];
    forge.now = Date.parse('2026-05-01T12:00:00Z');
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    forge.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return forge;
}

export const accountAt = (origin: string, more: Partial<Account> = {}): Account => ({
  id: 'me',
  forge: 'github',
  kind: 'token',
  login: 'octo',
  url: origin,
  apiUrl: `${origin}/api/v3`,
  app: null,
  ...more,
});

const nothing = () => undefined;
export const noLog = { info: nothing, warn: nothing, error: nothing };

export interface Setup {
  readonly account?: Account;
  readonly credential?: Credential;
  readonly renewed?: Credential | null;
  readonly timeoutMs?: number;
}

export async function clientOf(forge: SmallForge, setup: Setup = {}): Promise<GitHubApi> {
  const account = setup.account ?? accountAt(forge.origin);
  const now = () => forge.now;
  const apis = githubApis({
    accounts: () => [account],
    credentials: {
      of: () => Promise.resolve(setup.credential ?? { kind: 'token', token }),
      renewed: () => Promise.resolve(setup.renewed ?? null),
    },
    userAgent: 'homerunner-test',
    log: noLog,
    now,
    budget: requestBudget({ now, load: () => null, save: nothing }),
    seen: nothing,
    retryMs: 5,
    timeoutMs: setup.timeoutMs ?? 5000,
  });
  return apis.of('me');
}

/** The problem of a promise that must fail; the token is nowhere in it. */
export async function failure(promise: Promise<unknown>): Promise<Problem> {
  const thrown: unknown = await promise.then(
    (value) => Promise.reject(new Error(`answered ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );
  const found = problemOf(thrown);
  expect(JSON.stringify(found)).not.toContain(token);
  expect(String((thrown as Error).stack)).not.toContain(token);
  return found;
}
