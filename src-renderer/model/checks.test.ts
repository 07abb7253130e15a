import { expect, it } from 'vitest';
import { speechOf } from '../texts/speech.ts';
import { checkName } from './checks.ts';

it('a check is called by a name for people, and one that has none by its own', () => {
  expect(checkName('fork-pull-requests', speechOf('en'))).toBe('Pull requests from forks');
  expect(checkName('fork-pull-requests', speechOf('de'))).toBe('Pull-Requests aus Forks');
  expect(checkName('later', speechOf('en'))).toBe('later');
});
