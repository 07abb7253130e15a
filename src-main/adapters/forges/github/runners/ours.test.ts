import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runnerName, suffix } from '../../../../core/names.ts';
import { isOfSomeInstall, isOurs } from './ours.ts';
import { coverageOf, placeOf } from './place.ts';

const hex = fc.stringMatching(/^[0-9a-f]{6}$/);

it('knows each name that is made for our install, and none that is made for another', () => {
  const prefix = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/);
  const pool = fc.stringMatching(/^[g-z][g-z0-9-]{0,31}$/);
  const part = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(prefix, hex, hex, pool, part, (before, install, other, id, random) => {
      const name = runnerName(
        before,
        install,
        id,
        suffix(() => random),
      );
      expect(isOurs(name, install)).toBe(true);
      expect(isOfSomeInstall(name)).toBe(true);
      if (other !== install && !`${before}-${id}`.includes(other)) expect(isOurs(name, other)).toBe(false);
    }),
  );
});

it.each([
  'abc123',
  'hr-abc123',
  'hr-abc123-p',
  'hr-abc123-p-short',
  'hrabc123-p-aaaaaa',
  'hr-abc123-p-aaaaaa-x1',
])('does not take %s for ours', (name) => expect(isOurs(name, 'abc123')).toBe(false));

it('knows what a scope is', () => {
  expect(placeOf('acme/site')).toEqual({
    route: '/repos/{owner}/{repo}',
    parameters: { owner: 'acme', repo: 'site' },
  });
  expect(placeOf('acme')).toEqual({ route: '/orgs/{org}', parameters: { org: 'acme' } });
  expect(placeOf('enterprises/big').parameters).toEqual({ enterprise: 'big' });
  expect(coverageOf('acme/*')).toEqual({ kind: 'owner', owner: 'acme' });
  expect(coverageOf('enterprises/big')).toEqual({ kind: 'enterprise', enterprise: 'big' });
});
