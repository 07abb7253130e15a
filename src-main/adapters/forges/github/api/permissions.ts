/** GitHub's names of permissions in the words of its own pages. */

const words: Readonly<Record<string, string>> = {
  actions: 'the repository permission Actions',
  administration: 'the repository permission Administration',
  contents: 'the repository permission Contents',
  metadata: 'the repository permission Metadata',
  workflows: 'the repository permission Workflows',
  variables: 'the repository permission Variables',
  actions_variables: 'the repository permission Variables',
  organization_actions_variables: 'the organisation permission Variables',
  organization_administration: 'the organisation permission Administration',
  organization_self_hosted_runners: 'the organisation permission Self-hosted runners',
  members: 'the organisation permission Members',
  enterprise_administration: 'the enterprise permission Administration',
};

/**
 * The header `x-accepted-github-permissions` in words: `administration=write` is "the repository permission
 * Administration (write)". Commas join what is needed together, semicolons what is enough by itself.
 */
export function permissionsInWords(header: string): string {
  const ways = header.split(';').map((way) => way.split(',').map(inWords).filter(Boolean).join(' and '));
  return ways.filter(Boolean).join(', or ');
}

function inWords(permission: string): string {
  const [name = '', level] = permission.trim().split('=');
  if (name === '') return '';
  const known = words[name] ?? `the permission ${name.replaceAll('_', ' ')}`;
  return level === undefined ? known : `${known} (${level})`;
}

/** The scopes of a classic token in a header: null where it has no such header, as fine-grained tokens and Apps. */
export function scopesIn(header: string | number | undefined): readonly string[] | null {
  if (header === undefined) return null;
  return String(header)
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
}
