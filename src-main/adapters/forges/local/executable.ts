/** Is a program on the PATH? */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export async function executable(
  name: string,
  env: Readonly<NodeJS.ProcessEnv>,
  platform: NodeJS.Platform,
): Promise<boolean> {
  const file = platform === 'win32' ? `${name}.exe` : name;
  const path = Object.entries(env).find(([key]) => key.toUpperCase() === 'PATH')?.[1] ?? '';
  const tries = path.split(delimiter).map(async (folder) => {
    if (folder === '') return false;
    return access(join(folder, file), constants.X_OK).then(
      () => true,
      () => false,
    );
  });
  return (await Promise.all(tries)).includes(true);
}
