/** A repository, its workflow files, and what its settings say of Actions. */
import { createHash } from 'node:crypto';
import { enterpriseOf, organizationOf, repositoryOf, type Need } from '../access.ts';
import type { Answer, Call, Route } from '../call.ts';
import { notFound, ok, param, refuse } from '../call.ts';
import type { Repository } from '../model.ts';
import { fullName } from '../model.ts';
import { iso, ownerView, repositoryView } from '../views.ts';
import { filled } from '../specification.ts';

const settings: Need = { permission: 'administration', level: 'read', role: 'admin' };
const contents: Need = { permission: 'contents', level: 'read', role: 'read' };
const folder = '.github/workflows';

function entry(call: Call, repository: Repository, file: string, content: string): object {
  const at = `${folder}/${file}`;
  const url = call.world.api(`/repos/${fullName(repository)}/contents/${at}`);
  const bytes = Buffer.from(content);
  const sha = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const git = call.world.api(`/repos/${fullName(repository)}/git/blobs/${sha}`);
  const html = call.world.page(`${fullName(repository)}/blob/main/${at}`);
  const links = { self: url, git, html };
  return {
    type: 'file',
    size: bytes.length,
    name: file,
    path: at,
    sha,
    url,
    git_url: git,
    html_url: html,
    download_url: null,
    _links: links,
  };
}

/** The folder of workflows, or one of its files with its text. */
function content(call: Call): Answer {
  const repository = repositoryOf(call, contents);
  const path = param(call, 'path').replace(/\/$/, '');
  const { workflows } = repository;
  if (path === folder && workflows.size > 0)
    return ok([...workflows].map(([file, text]) => entry(call, repository, file, text)));
  const file = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '';
  const text = workflows.get(file) ?? notFound();
  const lines = Buffer.from(text).toString('base64').replace(/.{60}/g, '$&\n');
  return ok({ ...entry(call, repository, file, text), encoding: 'base64', content: `${lines}\n` });
}

function actions(call: Call): Answer {
  const { actions: enabled } = repositoryOf(call, settings);
  return ok(enabled ? { enabled, allowed_actions: 'all', sha_pinning_required: false } : { enabled });
}

function access(call: Call): Answer {
  const repository = repositoryOf(call, settings);
  if (!repository.private) refuse(422, 'Access policy only applies to internal and private repositories.');
  return ok({ access_level: repository.access });
}

function forkApproval(call: Call): Answer {
  const repository = repositoryOf(call, settings);
  if (repository.private) return notFound();
  return ok({ approval_policy: repository.forkApproval });
}

function privateForks(call: Call): Answer {
  if (!repositoryOf(call, settings).private)
    refuse(422, 'Fork PR workflow settings only apply to private repositories.');
  return ok(closedToForks);
}

const closedToForks = {
  run_workflows_from_fork_pull_requests: false,
  send_write_tokens_to_workflows: false,
  send_secrets_and_variables: false,
  require_approval_for_fork_pr_workflows: true,
};

const organization = (call: Call) =>
  organizationOf(call, { permission: 'organization_administration', level: 'read', role: 'admin' });

/** What every organisation of the double has set, told to its owners. */
function forOwners(call: Call, settings: object): Answer {
  organization(call);
  return ok(settings);
}

function selfHosted(call: Call): Answer {
  return ok({ enabled_repositories: organization(call).selfHosted });
}

/** The agent's own release, which the double has of actions/runner although it has no such repository. */
function release(call: Call): Answer {
  const { world } = call;
  if (param(call, 'owner') !== 'actions' || param(call, 'repo') !== 'runner') return notFound();
  const version = world.agents.at(-1)?.version ?? notFound();
  const agents = world.agents.filter((agent) => agent.version === version);
  const author = ownerView(world, { id: 1, login: 'github-actions', type: 'User' });
  const at = world.api('/repos/actions/runner/releases/1');
  const assets = agents.map((agent, index) =>
    filled(
      'release-asset',
      {
        id: index + 1,
        name: agent.filename,
        state: 'uploaded',
        content_type: 'application/octet-stream',
        browser_download_url: world.page(`downloads/v${version}/${agent.filename}`),
        uploader: author,
      },
      at,
    ),
  );
  const sums = agents.map(
    (agent) =>
      `- ${agent.filename} <!-- BEGIN SHA ${agent.os}-${agent.architecture} -->${agent.sha256 ?? ''}<!-- END SHA ${agent.os}-${agent.architecture} -->`,
  );
  const known = {
    id: 1,
    tag_name: `v${version}`,
    name: `v${version}`,
    body: `## SHA-256 Checksums\n\n${sums.join('\n')}\n`,
    author,
    assets,
    created_at: iso(world.now()),
    published_at: iso(world.now()),
  };
  return ok(filled('release', known, at));
}

/** What only who administers the whole enterprise may see. */
function ofEnterprise(call: Call, view: object): Answer {
  enterpriseOf(call, ['admin:enterprise']);
  return ok(view);
}

const base = '/repos/{owner}/{repo}';
const get = (path: string, answer: (call: Call) => Answer): Route => ({ method: 'GET', path, answer });

export const repositoryRoutes: readonly Route[] = [
  get(base, (call) => ok(repositoryView(call.world, repositoryOf(call), call.token, 'full-repository'))),
  get(`${base}/contents/{path}`, content),
  get(`${base}/actions/permissions`, actions),
  get(`${base}/actions/permissions/access`, access),
  get(`${base}/actions/permissions/fork-pr-contributor-approval`, forkApproval),
  get(`${base}/actions/permissions/fork-pr-workflows-private-repos`, privateForks),
  get(`${base}/releases/latest`, release),
  get('/orgs/{org}/actions/permissions', (call) =>
    forOwners(call, { enabled_repositories: 'all', allowed_actions: 'all' }),
  ),
  get('/enterprises/{enterprise}/actions/permissions', (call) =>
    ofEnterprise(call, { enabled_organizations: 'all', allowed_actions: 'all' }),
  ),
  get('/enterprises/{enterprise}/actions/permissions/fork-pr-workflows-private-repos', (call) =>
    ofEnterprise(call, closedToForks),
  ),
  get('/orgs/{org}/actions/permissions/self-hosted-runners', selfHosted),
  get('/orgs/{org}/actions/permissions/fork-pr-contributor-approval', (call) =>
    forOwners(call, { approval_policy: 'first_time_contributors' }),
  ),
  get('/orgs/{org}/actions/permissions/fork-pr-workflows-private-repos', (call) =>
    forOwners(call, closedToForks),
  ),
];
