/** Which programs jobs find on this machine. */
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Os } from '../../../../contract/host.ts';

/** Endings by which Windows finds a program of a bare name. */
const endings = ['.exe', '.cmd', '.bat', '.com'];

/** Asks the folders of `path` (as in PATH) for a program of that name that may be started; answers are kept. */
export function programsOn(path: string, os: Os): (name: string) => boolean {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const names = (name: string): readonly string[] =>
    os === 'windows' ? endings.map((ending) => `${name}${ending}`) : [name];
  const known = new Map<string, boolean>();
  return (name) => {
    const found =
      known.get(name) ?? folders.some((folder) => names(name).some((file) => canStart(join(folder, file))));
    known.set(name, found);
    return found;
  };
}

function canStart(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
