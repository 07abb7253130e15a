/** Actions variables of repositories and organisations. */
import { organizationOf, repositoryOf } from '../access.ts';
import type { Answer, Call, Route } from '../call.ts';
import { created, list, notFound, nothing, ok, param, refuse, text } from '../call.ts';
import type { Variable } from '../model.ts';
import { iso } from '../views.ts';

type Variables = Map<string, Variable>;
type Holder = (call: Call, level: 'read' | 'write') => Variables;

const ofRepository: Holder = (call, level) =>
  repositoryOf(call, { permission: 'actions_variables', level, role: 'write' }).variables;

const ofOrganization: Holder = (call, level) => {
  const { login } = organizationOf(call, {
    permission: 'organization_actions_variables',
    level,
    role: 'admin',
  });
  const held = call.world.organizationVariables.get(login) ?? new Map<string, Variable>();
  call.world.organizationVariables.set(login, held);
  return held;
};

const view = (call: Call, variable: Variable): object => ({
  name: variable.name,
  value: variable.value,
  created_at: iso(variable.createdAt),
  updated_at: iso(variable.updatedAt),
  ...(call.params['org'] === undefined ? {} : { visibility: 'all' }),
});

function variableOf(call: Call, variables: Variables): Variable {
  return variables.get(param(call, 'name').toUpperCase()) ?? notFound();
}

function add(call: Call, variables: Variables): Answer {
  const name = text(call, 'name').toUpperCase();
  if (!/^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/.test(name)) refuse(422, 'Variable name is invalid');
  if (variables.has(name)) refuse(409, 'Already exists - Variable already exists');
  const now = call.world.now();
  variables.set(name, { name, value: text(call, 'value'), createdAt: now, updatedAt: now });
  return created({});
}

function change(call: Call, variables: Variables): Answer {
  const variable = variableOf(call, variables);
  variable.value = text(call, 'value');
  variable.updatedAt = call.world.now();
  return nothing;
}

function remove(call: Call, variables: Variables): Answer {
  variables.delete(variableOf(call, variables).name);
  return nothing;
}

function routesOf(base: string, holder: Holder): Route[] {
  const route = (method: string, path: string, answer: (call: Call, held: Variables) => Answer): Route => ({
    method,
    path: `${base}/actions/variables${path}`,
    answer: (call) => answer(call, holder(call, method === 'GET' ? 'read' : 'write')),
  });
  return [
    route('GET', '', (call, held) =>
      list(
        'variables',
        [...held.values()].map((one) => view(call, one)),
      ),
    ),
    route('POST', '', add),
    route('GET', '/{name}', (call, held) => ok(view(call, variableOf(call, held)))),
    route('PATCH', '/{name}', change),
    route('DELETE', '/{name}', remove),
  ];
}

export const variableRoutes: readonly Route[] = [
  ...routesOf('/repos/{owner}/{repo}', ofRepository),
  ...routesOf('/orgs/{org}', ofOrganization),
];
