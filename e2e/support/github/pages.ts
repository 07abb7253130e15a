/** Lists come in pages, and what has not changed need not be sent again. */
import { createHash } from 'node:crypto';
import type { Answer, Call } from './call.ts';

const whole = (value: string | null, standard: number): number => {
  const number = Number(value ?? standard);
  return Number.isInteger(number) && number > 0 ? number : standard;
};

function link(call: Call, page: number, last: number): string {
  const to = (target: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(target));
    return `<${call.world.api(call.path)}?${query.toString()}>; rel="${rel}"`;
  };
  const back = page > 1 ? [to(page - 1, 'prev'), to(1, 'first')] : [];
  const on = page < last ? [to(page + 1, 'next'), to(last, 'last')] : [];
  return [...back, ...on].join(', ');
}

/** The page of a list that was asked for, with its `Link`; any other answer as it is. */
export function paged(call: Call, answer: Answer): Answer {
  if (!answer.list) return answer;
  const { key, items } = answer.list;
  const size = Math.min(100, whole(call.query.get('per_page'), 30));
  const page = whole(call.query.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((page - 1) * size, page * size);
  const doubled = call.world.duplicates ? [...shown, ...shown.slice(-1)] : shown;
  const links = link(call, page, last);
  return {
    status: answer.status,
    body: key === null ? doubled : { total_count: items.length, [key]: doubled },
    headers: { ...answer.headers, ...(links ? { link: links } : {}) },
  };
}

/** The tag of an answer, which differs from token to token. */
export const tagOf = (body: string, token: string): string =>
  `W/"${createHash('sha256').update(token).update(body).digest('hex')}"`;
