/** How runners come to be: rows, just-in-time configurations and the files of a registered agent. */
import { randomBytes, randomUUID } from 'node:crypto';
import { refuse } from './call.ts';
import type { RunnerRow, Scope } from './model.ts';
import { same } from './model.ts';
import type { World } from './world.ts';

export interface NewRunner {
  readonly name: string;
  readonly scope: Scope;
  readonly groupId: number;
  readonly labels: readonly string[];
  readonly readOnlyLabels: readonly string[];
  readonly ephemeral: boolean;
}

const unique = (labels: readonly string[]): string[] => [
  ...new Map(labels.map((label) => [label.toLowerCase(), label])).values(),
];

/** A new row; 409 where its name is taken. */
export function addRunner(world: World, wanted: NewRunner): RunnerRow {
  if (world.runnersOf(wanted.scope).some((runner) => same(runner.name, wanted.name)))
    return refuse(409, `Already exists - A runner with the name ${wanted.name} already exists.`);
  const runner: RunnerRow = {
    ...wanted,
    labels: unique(wanted.labels),
    id: world.nextId(),
    os: 'unknown',
    version: null,
    clientId: randomUUID(),
    request: null,
    planted: null,
    deleted: false,
  };
  world.runners.set(runner.id, runner);
  return runner;
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

/** Random bytes that only this agent knows. */
function secretOf(world: World): string {
  const secret = randomBytes(32).toString('base64');
  world.issued("agent's credential", secret);
  return secret;
}

/** The files that an agent keeps of its registration, each as base64. */
export function agentFiles(world: World, runner: RunnerRow, settings: object): Record<string, string> {
  const secret = () => secretOf(world);
  world.issued("agent's credential", runner.clientId);
  const files = {
    '.runner': base64({
      AgentId: runner.id,
      AgentName: runner.name,
      PoolId: 1,
      PoolName: 'Default',
      Ephemeral: runner.ephemeral,
      ServerUrl: `${world.base}/_agent`,
      ServerUrlV2: `${world.base}/_agent`,
      UseV2Flow: true,
      DisableUpdate: false,
      WorkFolder: '_work',
      ...settings,
    }),
    '.credentials': base64({
      scheme: 'OAuth',
      data: {
        clientId: runner.clientId,
        authorizationUrl: `${world.base}/_agent/token`,
        requireFipsCryptography: 'True',
      },
    }),
    '.credentials_rsaparams': base64({
      d: secret(),
      p: secret(),
      q: secret(),
      modulus: secret(),
      exponent: 'AQAB',
    }),
  };
  for (const file of Object.values(files)) world.issued('JIT configuration', file);
  return files;
}

/** A token for registering or removing runners of a scope, good for an hour. */
export function registrationToken(world: World, scope: Scope, kind: 'register' | 'remove') {
  const token = randomBytes(16).toString('hex').toUpperCase();
  const expiresAt = world.now() + 3_600_000;
  world.registrationTokens.set(token, { scope, kind, expiresAt });
  world.issued('registration token', token);
  return { token, expiresAt };
}
