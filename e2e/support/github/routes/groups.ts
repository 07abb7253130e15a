/** Runner groups of organisations and enterprises. */
import { enterpriseOf, organizationOf } from '../access.ts';
import type { Answer, Call, Route } from '../call.ts';
import { list, notFound, ok, param } from '../call.ts';
import type { RunnerGroup, Scope } from '../model.ts';
import { fullName } from '../model.ts';
import { groupView, organizationView, repositoryView, runnerView } from '../views.ts';

const organization = (call: Call): Scope =>
  organizationOf(call, { permission: 'organization_self_hosted_runners', level: 'read', role: 'admin' })
    .login;
const enterprise = (call: Call): Scope => `enterprises/${enterpriseOf(call)}`;

function groupOf(call: Call, scope: Scope): RunnerGroup {
  const id = Number(param(call, 'runner_group_id'));
  return call.world.groupsOf(scope).find((group) => group.id === id) ?? notFound();
}

function listed(call: Call, scope: Scope): Answer {
  const visible = call.query.get('visible_to_repository')?.toLowerCase();
  const groups = call.world
    .groupsOf(scope)
    .filter(
      (group) =>
        !visible || group.visibility !== 'selected' || group.chosen.has(`${scope}/${visible}`.toLowerCase()),
    );
  return list(
    'runner_groups',
    groups.map((group) => groupView(call.world, scope, group)),
  );
}

function runners(call: Call, scope: Scope): Answer {
  const group = groupOf(call, scope);
  const members = call.world.runnersOf(scope).filter(({ groupId }) => groupId === group.id);
  return list(
    'runners',
    members.map((runner) => runnerView(call.world, runner)),
  );
}

function repositories(call: Call, scope: Scope): Answer {
  const group = groupOf(call, scope);
  const chosen = [...call.world.repositories.values()].filter((one) =>
    group.chosen.has(fullName(one).toLowerCase()),
  );
  return list(
    'repositories',
    chosen.map((one) => repositoryView(call.world, one, call.token, 'minimal-repository')),
  );
}

function organizations(call: Call, scope: Scope): Answer {
  const group = groupOf(call, scope);
  const all = [...call.world.organizations.values()].filter(
    (one) =>
      `enterprises/${one.enterprise ?? ''}` === scope &&
      (group.visibility !== 'selected' || group.chosen.has(one.login.toLowerCase())),
  );
  return list(
    'organizations',
    all.map((one) => organizationView(call.world, one, false)),
  );
}

function routesOf(base: string, scopeOf: (call: Call) => Scope): Route[] {
  const route = (path: string, answer: (call: Call, scope: Scope) => Answer): Route => ({
    method: 'GET',
    path: `${base}/actions/runner-groups${path}`,
    answer: (call) => answer(call, scopeOf(call)),
  });
  return [
    route('', listed),
    route('/{runner_group_id}', (call, scope) => ok(groupView(call.world, scope, groupOf(call, scope)))),
    route('/{runner_group_id}/runners', runners),
    base === '/orgs/{org}'
      ? route('/{runner_group_id}/repositories', repositories)
      : route('/{runner_group_id}/organizations', organizations),
  ];
}

export const groupRoutes: readonly Route[] = [
  ...routesOf('/orgs/{org}', organization),
  ...routesOf('/enterprises/{enterprise}', enterprise),
];
