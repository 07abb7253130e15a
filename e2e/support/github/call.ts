/** A request on its way to a route, and what a route answers. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Token } from './model.ts';
import type { World } from './world.ts';

export interface Call {
  readonly world: World;
  readonly method: string;
  /** The path after /api/v3. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
  /** The bearer of the request as it was sent. */
  readonly bearer: string | null;
  readonly token: Token | null;
}

export interface Answer {
  readonly status: number;
  /** JSON; undefined: an empty answer. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The list that `body` is a page of: its key in the answer (null: the answer is the list) and all items. */
  readonly list?: { readonly key: string | null; readonly items: readonly unknown[] };
}

export interface Route {
  readonly method: string;
  /** As in the OpenAPI description: /repos/{owner}/{repo}. */
  readonly path: string;
  readonly answer: (call: Call) => Answer;
}

/** An answer that a route gives by throwing it. */
export class Refused extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

const docs = 'https://docs.github.com/rest';

export function refusal(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, body: { message, documentation_url: docs, status: String(status) }, headers };
}

export function refuse(status: number, message: string, headers: Record<string, string> = {}): never {
  throw new Refused(refusal(status, message, headers));
}

export const notFound = (): never => refuse(404, 'Not Found');

/** 422 as GitHub gives it for values that it does not like: the errors are sentences. */
export function invalid(...errors: string[]): never {
  throw new Refused({
    status: 422,
    body: { message: 'Validation Failed', errors, documentation_url: docs, status: '422' },
  });
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const nothing: Answer = { status: 204 };
export const list = (key: string | null, items: readonly unknown[]): Answer => ({
  status: 200,
  list: { key, items },
});

/** A parameter that the route's path has. */
export const param = (call: Call, name: string): string => call.params[name] ?? notFound();
export const text = (call: Call, name: string): string => {
  const value = call.body[name];
  return typeof value === 'string' ? value : '';
};
export const texts = (call: Call, name: string): string[] => {
  const value = call.body[name];
  return Array.isArray(value) ? value.map(String) : [];
};
