/**
 * The composition: with the folder `compose/`, the only place that names concrete adapters. Read it, and you have read
 * the architecture. What only a supervisor needs is loaded when one is made: other commands start faster without.
 */
import path from 'node:path';
import { connect } from './adapters/control/client.ts';
import type { World } from './cli/world.ts';
import { configOf } from './compose/config.ts';
import { detectOnce } from './compose/detection.ts';
import { readEnvironmentFile } from './compose/environment.ts';
import { endpointThere, homeOf, hostArch, identity } from './compose/machine.ts';

/** Everything that the command line needs of the world. */
export const world: World = {
  version: identity.version,
  home: homeOf,
  connect: (flag) => connect(endpointThere(homeOf(flag)), identity),
  offline: async (flag) => (await import('./compose/offline.ts')).offline(flag),
  host: async (wish) => (await import('./compose/host.ts')).host(wish),
  detect({ home: flag, record, replay }) {
    const home = homeOf(flag);
    return detectOnce(home, configOf(home).read().config, { record, replay });
  },
  config(flag) {
    const home = homeOf(flag);
    const { config, problems } = configOf(home).read();
    return { file: path.join(home, 'config.json'), config, problems };
  },
  environment: (file) => readEnvironmentFile(file, hostArch),
};
