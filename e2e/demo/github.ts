/**
 * `npm run demo:github`: the whole story with GitHub, without GitHub. A double of it and of its agent run on this
 * machine, jobs arrive, and the real program takes them. Ctrl-C ends everything; with `--once` it ends with the story.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startGitHubDouble } from '../support/github/double.ts';
import { type Home, program } from '../support/product.ts';
import { remove } from '../support/remove.ts';
import { Narrator } from './narrator.ts';
import { offerAgent, people, setUp } from './stage.ts';
import { chapters, type Stage } from './story.ts';

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

/** An hour's work is told in two minutes: requests an hour as GitHub Enterprise Cloud allows them, not 5000. */
const requestsAnHour = 15_000;
/** How long GitHub takes over an answer, milliseconds. */
const latency = 80;
/** Between two chapters, and between two jobs once the story is over. */
const pauseMs = 1500;
const laterMs = 15_000;

async function main(): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'hr-demo-'));
  const github = await startGitHubDouble({
    waits: { online: 5000, handover: 500 },
    limits: { limit: requestsAnHour },
  });
  github.latency = latency;
  const token = people(github);
  await offerAgent(github, dir);
  const home = setUp(dir, github, token);
  const ending = onInterrupt(home);
  const narrator = new Narrator(github);
  narrator.say(`A double of GitHub listens at ${github.url}. Nothing leaves this machine.`);
  narrator.say('ann has signed in, and has two pools: her own repositories, and her organisation.');
  const stage: Stage = { github, home, narrator, running: await home.run() };
  narrator.hear(stage.running);
  narrator.say('Homerunner runs. From another terminal it can be asked:');
  narrator.say(`  HOMERUNNER_HOME=${home.path} node ${path.relative('.', program)} status`);
  await Promise.race([tellAll(stage, ending), interrupted(ending)]);
  await leave(stage, ending);
  await home.dispose();
  await github.close();
  await remove(dir);
}

async function tellAll(stage: Stage, ending: AbortSignal): Promise<void> {
  const { narrator } = stage;
  for (const { title, tell } of chapters) {
    await sleep(pauseMs);
    if (ending.aborted) return;
    narrator.title(title);
    await tell(stage);
  }
  narrator.title('The end of the story');
  narrator.sum();
  if (values.once) return;
  narrator.say('From here on a job comes now and then. Ctrl-C ends everything.');
  while (!ending.aborted) {
    narrator.queue({ repository: 'ann/garden', name: 'water', script: 'sleep 2' });
    await sleep(laterMs);
  }
}

async function leave({ running, narrator }: Stage, { aborted }: AbortSignal): Promise<void> {
  narrator.say('Homerunner is asked to end: it finishes its jobs, and takes its runners off GitHub.');
  const { code } = await running.stop();
  narrator.end();
  const left = narrator.registered();
  narrator.say(`It has ended (${code ?? 'killed'}); of its runners ${left} are left at GitHub.`);
  if (!aborted && (code !== 0 || left > 0)) process.exitCode = 1;
}

/** The first Ctrl-C ends the story, the second everything at once. */
function onInterrupt(home: Home): AbortSignal {
  const ending = new AbortController();
  process.on('exit', () => {
    home.kill();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(1);
      ending.abort();
    });
  return ending.signal;
}

async function interrupted(ending: AbortSignal): Promise<void> {
  await new Promise((resolve) => ending.addEventListener('abort', resolve, { once: true }));
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
