/** GitHub Apps: what they prove with a signed token, and the tokens that installations get. */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { repositoryOf } from '../access.ts';
import type { Answer, Call, Route } from '../call.ts';
import { created, list, notFound, ok, param, refuse, texts } from '../call.ts';
import type { App, Installation, Owner, Token } from '../model.ts';
import { fullName, same } from '../model.ts';
import { appView, installationView, iso } from '../views.ts';

function decoded(part: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return refuse(401, 'A JSON web token could not be decoded');
  }
}

/** The app that signed the request's token; a clock that is off is refused in GitHub's words. */
function appOf(call: Call): App {
  const [head, payload, signature, ...more] = (call.bearer ?? '').split('.');
  if (signature === undefined || more.length > 0) return refuse(401, 'A JSON web token could not be decoded');
  const { iss, iat, exp } = decoded(payload);
  const app = call.world.apps.find(({ id, clientId }) => String(iss) === String(id) || iss === clientId);
  const signed = Buffer.from(`${head ?? ''}.${payload ?? ''}`);
  const good =
    app !== undefined &&
    decoded(head)['alg'] === 'RS256' &&
    verify('RSA-SHA256', signed, createPublicKey(app.publicKey), Buffer.from(signature, 'base64url'));
  if (!good) return refuse(401, 'A JSON web token could not be decoded');
  const now = call.world.now() / 1000;
  if (typeof iat !== 'number' || iat > now + 1)
    return refuse(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  if (typeof exp !== 'number' || exp < now)
    return refuse(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > now + 601) return refuse(401, "'Expiration time' claim ('exp') is too far in the future");
  return app;
}

function installationOf(call: Call, app: App): Installation {
  const id = Number(param(call, 'installation_id'));
  return app.installations.find((one) => one.id === id) ?? notFound();
}

/** One hour, with the installation's permissions or the fewer that were asked for. */
function accessToken(call: Call): Answer {
  const installation = installationOf(call, appOf(call));
  const asked = call.body['permissions'] as Record<string, 'read' | 'write'> | undefined;
  const beyond = Object.entries(asked ?? {}).find(([name, level]) => {
    const has = installation.permissions[name];
    return has !== 'write' && has !== level;
  });
  if (beyond) refuse(422, 'The permissions requested are not granted to this installation.');
  const names = texts(call, 'repositories').map((name) => `${installation.account.login}/${name}`);
  const token: Token = {
    token: `ghs_${randomBytes(18).toString('hex')}`,
    kind: 'app',
    login: installation.account.login,
    owner: installation.account.login,
    scopes: [],
    permissions: asked ?? installation.permissions,
    repositories: names.length > 0 ? names : installation.repositories,
    expiresAt: call.world.now() + 3_600_000,
    sso: [],
    revoked: false,
  };
  call.world.tokens.set(token.token, token);
  const selection = token.repositories === null ? 'all' : 'selected';
  return created({
    token: token.token,
    expires_at: iso(token.expiresAt ?? 0),
    permissions: token.permissions,
    repository_selection: selection,
  });
}

function installationFor(call: Call, app: App, owner: Owner, repository?: string): Answer {
  const found = app.installations.find(
    (one) =>
      one.account.id === owner.id &&
      (repository === undefined ||
        one.repositories === null ||
        one.repositories.some((name) => same(name, repository))),
  );
  return ok(installationView(call.world, app, found ?? notFound()));
}

function ofRepository(call: Call): Answer {
  const app = appOf(call);
  const { world } = call;
  const repository = world.repository(param(call, 'owner'), param(call, 'repo')) ?? repositoryOf(call);
  return installationFor(call, app, repository.owner, fullName(repository));
}

function ofOwner(name: string) {
  return (call: Call): Answer => {
    const app = appOf(call);
    return installationFor(call, app, call.world.owner(param(call, name)) ?? notFound());
  };
}

const route = (method: string, path: string, answer: (call: Call) => Answer): Route => ({
  method,
  path,
  answer,
});

/** Routes that take an app's signed token instead of an access token. */
export const appRoutes: readonly Route[] = [
  route('GET', '/app', (call) => ok(appView(call.world, appOf(call)))),
  route('GET', '/app/installations', (call) => {
    const app = appOf(call);
    return list(
      null,
      app.installations.map((one) => installationView(call.world, app, one)),
    );
  }),
  route('GET', '/app/installations/{installation_id}', (call) => {
    const app = appOf(call);
    return ok(installationView(call.world, app, installationOf(call, app)));
  }),
  route('POST', '/app/installations/{installation_id}/access_tokens', accessToken),
  route('GET', '/repos/{owner}/{repo}/installation', ofRepository),
  route('GET', '/orgs/{org}/installation', ofOwner('org')),
  route('GET', '/users/{username}/installation', ofOwner('username')),
];
