import { expect, it } from 'vitest';
import { answerCache } from './etags.ts';

const answer = (data: unknown) => ({ etag: '"1"', data, link: undefined });

it('keeps so many answers and characters, the last used longest', () => {
  const cache = answerCache({ answers: 3, characters: 1000 });
  for (const url of ['a', 'b', 'c']) cache.set(url, answer(url));
  cache.get('a');
  cache.set('d', answer('d'));
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')?.data).toBe('a');
  cache.set('e', answer('x'.repeat(900)));
  expect(cache.get('e')).toBeUndefined();
});

it('drops the oldest where the characters are too many', () => {
  const cache = answerCache({ answers: 100, characters: 1000 });
  for (let n = 0; n < 20; n += 1) cache.set(String(n), answer('x'.repeat(98)));
  expect(cache.get('9')).toBeUndefined();
  expect(cache.get('10')).toBeDefined();
  cache.set('10', answer('y'.repeat(98)));
  expect(cache.get('11')).toBeDefined();
});
