/** The lights of `pool check` for a local pool. */
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import type { Light } from '../../../contract/commands.ts';
import { problemOf } from '../../../contract/problem.ts';
import type { Parts } from './options.ts';

/** Less leaves hardly room for one checkout and its log. */
const leastFreeMiB = 512;

export async function preflight({ git, home }: Parts): Promise<readonly Light[]> {
  return Promise.all([
    light('git', async () => {
      const { code, stdout } = await git({ in: home }, ['--version'], { timeoutMs: 10_000 });
      return code === 0 ? stdout.trim().replace(/^git version /, 'git ') : null;
    }),
    light('home', async () => {
      await access(home, constants.R_OK | constants.W_OK | constants.X_OK);
      return `${home} can be written.`;
    }),
    disk(home),
  ]);
}

async function light(name: 'git' | 'home', test: () => Promise<string | null>): Promise<Light> {
  const hint =
    name === 'git'
      ? 'Install git: jobs run in a checkout of the repository from which they are submitted.'
      : 'Give the home directory back to the user who runs Homerunner, or choose another with --home.';
  try {
    const message = await test();
    if (message !== null)
      return { name, ok: true, message: message.replace(/\.?$/, '.'), hint: null, link: null, blocks: false };
    return { name, ok: false, message: `${name} does not answer.`, hint, link: null, blocks: true };
  } catch (error) {
    return { name, ok: false, message: problemOf(error).message, hint, link: null, blocks: true };
  }
}

async function disk(home: string): Promise<Light> {
  const { bavail, bsize } = await statfs(home);
  const freeMiB = Math.floor((bavail * bsize) / 1024 ** 2);
  const ok = freeMiB >= leastFreeMiB;
  return {
    name: 'disk',
    ok,
    message: `${freeMiB} MiB are free for checkouts and logs.`,
    hint: ok ? null : `Free some space on the volume of ${home}.`,
    link: null,
    blocks: false,
  };
}
