/**
 * `npm run demo:github`: the whole story without a network. A double of GitHub on this machine has a person with three
 * repositories and an organisation, jobs arrive, and the product itself serves them, headless, in a home of its own.
 * Ctrl-C ends everything and removes it; `--seconds N` does so by itself.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type GitHubDouble, startGitHubDouble } from '../support/github/double.ts';
import { buildAgentArchive } from '../support/github-agent/archive.ts';
import { remove } from '../support/remove.ts';
import { Product } from './product.ts';
import { storyOf } from './story.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string' } } });
const version = '2.336.0';

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

/** What GitHub would have: two owners, their repositories, and an agent to download. */
async function populate(github: GitHubDouble, dir: string): Promise<string> {
  github.addUser('ann');
  github.addOrganization('acme', { admins: ['ann'] });
  for (const name of ['ann/website', 'ann/tools', 'ann/notes', 'acme/shop']) github.addRepository(name);
  const agent = await buildAgentArchive(path.join(dir, 'archives'), version, { time: 0.2, padMiB: 20 });
  github.addAgentVersion({
    ...{ version, os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'x64' },
    filename: path.basename(agent.file),
    ...agent,
  });
  return github.addToken({ login: 'ann', scopes: ['repo', 'read:org', 'admin:org'] });
}

/** Aborted by Ctrl-C, or when the time is over. */
function untilEnd(): AbortSignal {
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // Who asks twice does not want to wait.
      if (end.signal.aborted) process.exit(130);
      end.abort();
    });
  const seconds = Number(values.seconds ?? 'NaN');
  if (seconds > 0) setTimeout(() => end.abort(), seconds * 1000).unref();
  return end.signal;
}

async function main(): Promise<void> {
  const end = untilEnd();
  const dir = mkdtempSync(path.join(tmpdir(), 'hr-demo-'));
  const github = await startGitHubDouble({ waits: { online: 3000, pickup: 10_000, lost: 20_000 } });
  say(`A double of GitHub answers at ${github.url}: it has no pages, only what programs ask.`);
  const token = await populate(github, dir);
  say(
    'It knows ann, who owns the repositories website, tools and notes, and the organisation acme with its shop.',
  );
  const product = new Product(dir, github, token, say);
  try {
    await product.start();
    say(`Homerunner is signed in as ann and has two pools: one for all repositories of ann, one for acme.`);
    say(`In another terminal: ${product.command('status')}`);
    await storyOf(github, product, say, end);
  } catch (error) {
    if (!end.aborted) throw error;
  } finally {
    say('Homerunner is asked to stop: what runs is finished, and nothing stays registered.');
    await product.stop();
    await sleep(200);
    const left = github.runners().length;
    say(left === 0 ? 'Nothing is left at GitHub.' : `${left} runners are left at GitHub.`);
    await github.close();
    await remove(dir);
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
