// npm run screenshots -- FOLDER: pictures of every view of the window, light and dark, wide and narrow.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const [folder, ...only] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Name the folder that the pictures go to: npm run screenshots -- FOLDER [NAME…]');
  process.exit(2);
}
const shots = resolve(folder);
mkdirSync(shots, { recursive: true });
const env = { ...process.env, HOMERUNNER_SHOTS: shots, HOMERUNNER_SHOTS_ONLY: only.join(',') };
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'screenshots'], { stdio: 'inherit', env });
process.exit(status ?? 1);
