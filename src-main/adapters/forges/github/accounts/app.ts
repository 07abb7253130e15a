/** Signing in as a GitHub App: its key is proved, and the installation found that the runners are for. */
import { createPrivateKey } from 'node:crypto';
import type { Account, AccountAdd } from '../../../../contract/account.ts';
import { problem, problemOf } from '../../../../contract/problem.ts';
import { askAsApp } from '../api/bearer.ts';
import type { Client } from '../api/client.ts';
import { hostOf } from './place.ts';

type AppWay = Extract<AccountAdd['way'], { kind: 'app' }>;

interface Installation {
  readonly id: number;
  readonly account: { readonly login?: string; readonly slug?: string } | null;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly suspended_at?: string | null;
}

export interface ProvedApp {
  readonly login: string;
  readonly app: NonNullable<Account['app']>;
  readonly notes: readonly string[];
}

/** Throws a Problem that says what is wrong with the key, the App or its installations. */
export async function proveApp(client: Client, way: AppWay): Promise<ProvedApp> {
  checkKey(way.key);
  const ask = async (route: string) => {
    const parts = { app: way.app, key: way.key, clock: client.clock };
    return (await askAsApp(parts, (jwt) => client.requestWith(jwt, route))).data;
  };
  const { slug } = (await named(ask('GET /app'), client, way.app)) as { readonly slug?: string };
  const installations = (await ask('GET /app/installations?per_page=100')) as readonly Installation[];
  const chosen = choose(installations, way, client);
  checkInstallation(chosen, client);
  return {
    login: loginOf(chosen),
    app: { id: way.app, installation: chosen.id },
    notes: [`It acts as the App ${slug ?? way.app} installed at ${loginOf(chosen)}.`],
  };
}

function checkKey(key: string): void {
  let type: string | undefined;
  try {
    type = createPrivateKey(key).asymmetricKeyType;
  } catch {
    type = undefined;
  }
  if (type === 'rsa') return;
  throw problem(
    'usage',
    'This is not the private key of a GitHub App.',
    'Give the .pem file that GitHub made, whole, from "-----BEGIN" to "-----END" and without a passphrase.',
  );
}

async function named(asked: Promise<unknown>, { account }: Client, app: string): Promise<unknown> {
  try {
    return await asked;
  } catch (thrown) {
    const { code } = problemOf(thrown);
    if (code !== 'unauthorized' && code !== 'not-found') throw thrown;
    throw problem(
      'unauthorized',
      `${hostOf(account)} does not accept this key for the App ${app}.`,
      'Check the App id, and that the key was made for this App and not deleted since.',
      { link: `${account.url}/settings/apps` },
    );
  }
}

const loginOf = ({ id, account }: Installation): string => account?.login ?? account?.slug ?? String(id);

function choose(all: readonly Installation[], way: AppWay, { account }: Client): Installation {
  const list = all.map((one) => `${loginOf(one)} (${one.id})`).join(', ');
  if (way.installation !== null) {
    const found = all.find(({ id }) => id === way.installation);
    if (found !== undefined) return found;
    throw problem(
      'not-found',
      `The App ${way.app} has no installation ${way.installation}.`,
      list === '' ? 'It is installed nowhere yet.' : `Choose one of: ${list}.`,
    );
  }
  const [only, another] = all;
  if (only === undefined) {
    throw problem(
      'not-found',
      `The App ${way.app} is installed nowhere.`,
      'Install it at your organisation or account first, from its page.',
      { link: `${account.url}/settings/apps` },
    );
  }
  if (another === undefined) return only;
  throw problem(
    'usage',
    `The App ${way.app} is installed at several places.`,
    `Choose the installation: ${list}.`,
  );
}

function checkInstallation(chosen: Installation, { account }: Client): void {
  const where = `${account.url}/settings/installations/${chosen.id}`;
  if (chosen.suspended_at != null) {
    throw problem(
      'forbidden',
      `The App's installation at ${loginOf(chosen)} is suspended.`,
      'Lift the suspension on its page.',
      { link: where },
    );
  }
  const permissions = chosen.permissions ?? {};
  if (permissions['administration'] === 'write') return;
  if (permissions['organization_self_hosted_runners'] === 'write') return;
  throw problem(
    'forbidden',
    'The App lacks the repository permission Administration (write), and the organisation permission Self-hosted runners (write).',
    'Grant it one of them under "Permissions & events", and accept that at the installation.',
    { link: where },
  );
}
