/** The configuration of a home. */
import path from 'node:path';
import { configFile } from '../adapters/config/file.ts';
import type { ConfigPort, ConfigReading } from '../app/deps.ts';
import { clock, hostArch } from './machine.ts';

export function configOf(home: string): ConfigPort {
  return configFile({ path: path.join(home, 'config.json'), arch: hostArch, now: () => clock.now() });
}

/** A configuration that also knows what was read of it last: those who ask it in every turn must not touch the disk. */
export interface Remembering extends ConfigPort {
  last(): ConfigReading;
}

export function remembering(config: ConfigPort): Remembering {
  let known: ConfigReading | null = null;
  const read = (): ConfigReading => (known = config.read());
  const changing = <T>(change: () => T): T => {
    known = null;
    return change();
  };
  return {
    file: config.file,
    read,
    last: () => known ?? read(),
    write: (next) => changing(() => config.write(next)),
    replace: (next) => changing(() => config.replace(next)),
    unwritable: () => config.unwritable(),
    watch: (fn) => config.watch(fn),
  };
}
