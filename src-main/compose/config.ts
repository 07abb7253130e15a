/** The configuration of a home. */
import path from 'node:path';
import { configFile } from '../adapters/config/file.ts';
import type { ConfigPort } from '../app/deps.ts';
import { clock, hostArch } from './machine.ts';

export function configOf(home: string): ConfigPort {
  return configFile({ path: path.join(home, 'config.json'), arch: hostArch, now: () => clock.now() });
}
