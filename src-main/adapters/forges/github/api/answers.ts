/** What octokit hands us of an answer, a success or an error of its own. */
import type { Headers } from './limits.ts';
import type { ApiAnswer } from './types.ts';

export function answerOf(answer: Omit<ApiAnswer<unknown>, 'date'>): ApiAnswer<unknown> {
  const date = Date.parse(String(answer.headers['date']));
  return { ...answer, date: Number.isNaN(date) ? null : date };
}

/** The API answers with JSON, or with what was asked for as raw text; a page is a proxy's, text for JSON is cut off. */
export function isOfApi(headers: Headers, data: unknown): boolean {
  const type = String(headers['content-type'] ?? '');
  if (type.includes('text/html')) return false;
  return !(type.includes('application/json') && typeof data === 'string');
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly words: string;
  readonly isJson: boolean;
  readonly data: unknown;
}

/** The answer behind octokit's error; null: there was none. */
export function answerIn(thrown: unknown): Answer | null {
  if (!(thrown instanceof Error) || !('response' in thrown)) return null;
  const response = thrown.response as { status: number; headers: Headers; data: unknown } | undefined;
  if (response === undefined) return null;
  const { status, headers, data } = response;
  const isJson = typeof data === 'object' && data !== null && 'message' in data;
  return { status, headers, words: isJson ? wordsOf(data) : '', isJson, data };
}

/** GitHub's message with what it lists of errors, texts or objects; at most 300 characters. */
function wordsOf(data: object): string {
  const { message, errors } = data as { message?: unknown; errors?: unknown };
  const details = (Array.isArray(errors) ? (errors as readonly unknown[]) : []).map((error) =>
    typeof error === 'string' ? error : ((error as { message?: string } | null)?.message ?? ''),
  );
  return [String(message), ...details]
    .filter((text) => text !== '')
    .join('; ')
    .slice(0, 300);
}
