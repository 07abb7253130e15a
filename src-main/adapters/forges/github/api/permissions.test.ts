import { expect, it } from 'vitest';
import { permissionsInWords, scopesIn } from './permissions.ts';

it('names permissions as GitHub’s pages do', () => {
  expect(permissionsInWords('administration=write')).toBe('the repository permission Administration (write)');
  expect(permissionsInWords('organization_self_hosted_runners=write,metadata=read; some_thing=read')).toBe(
    'the organisation permission Self-hosted runners (write) and the repository permission Metadata (read), or the permission some thing (read)',
  );
  expect(permissionsInWords(' ; ,')).toBe('');
});

it('tells no scopes from scopes that are not told', () => {
  expect(scopesIn('repo, read:org')).toEqual(['repo', 'read:org']);
  expect(scopesIn('')).toEqual([]);
  expect(scopesIn(undefined)).toBeNull();
});
