/** Programs that GitHub's own machines have and a workstation may lack, and which of them a job uses. */
import type { WorkflowJob } from './types.ts';

/** Program -> what the action that brings it calls itself (setup-node, rust-toolchain); null: no usual action does. */
const tools: Readonly<Record<string, string | null>> = {
  node: 'node',
  npm: 'node',
  npx: 'node',
  yarn: 'node',
  pnpm: 'pnpm',
  python: 'python',
  python3: 'python',
  pip: 'python',
  pip3: 'python',
  java: 'java',
  mvn: 'java',
  gradle: 'gradle',
  go: 'go',
  dotnet: 'dotnet',
  ruby: 'ruby',
  bundle: 'ruby',
  php: 'php',
  composer: 'php',
  cargo: 'rust',
  rustup: 'rust',
  cmake: 'cmake',
  make: null,
  gcc: null,
  clang: null,
  jq: null,
  yq: null,
  gh: null,
  aws: null,
  az: null,
  gcloud: null,
  kubectl: 'kubectl',
  helm: 'helm',
  terraform: 'terraform',
  pwsh: null,
  ansible: null,
};

/** Words before a command that are none themselves. */
const prefixes = new Set(['sudo', 'if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', 'exec', 'time']);
const packageManagers = new Set(['apt', 'apt-get', 'dnf', 'yum', 'apk', 'pacman', 'zypper']);

/** The first word of each command of a shell text, roughly: enough for a note, not for a decision. */
export function commandsOf(script: string): ReadonlySet<string> {
  const commands = script
    .split(/[\n;&|()`]/)
    .map((command) => command.trim().split(/\s+/))
    .map((words) => words.find((word) => !prefixes.has(word) && !/^\w+=/.test(word)) ?? '');
  return new Set(commands.filter((command) => command !== ''));
}

/** Which of the tools above the job calls without an action that brings them. */
export function toolsOf(job: WorkflowJob): readonly string[] {
  const used = job.uses.map((action) => action.toLowerCase());
  const brought = (family: string | null): boolean =>
    family !== null && used.some((action) => action.includes(family) && /setup|toolchain/.test(action));
  return allCommands(job).filter(
    (command) => Object.hasOwn(tools, command) && !brought(tools[command] ?? null),
  );
}

/** Does it install system packages or become root? That asks for a password, or fails, on a workstation. */
export function wantsRights(job: WorkflowJob): boolean {
  return (
    job.scripts.some((script) => /(?:^|[\s;&|(])sudo\s/.test(script)) ||
    allCommands(job).some((command) => packageManagers.has(command))
  );
}

/** Why it needs a container engine, in words; empty: it does not, as far as its own file tells. */
export function engineNeeds(job: WorkflowJob): readonly string[] {
  const commands = allCommands(job);
  const needs = [
    job.container ? 'a job container' : null,
    job.services ? 'service containers' : null,
    ...job.uses.map((action) => (/^docker(?::\/\/|\/)/i.test(action) ? `the action ${action}` : null)),
    commands.includes('docker') || commands.includes('docker-compose') ? 'the docker command' : null,
  ];
  return needs.filter((need) => need !== null);
}

function allCommands(job: WorkflowJob): readonly string[] {
  return [...new Set(job.scripts.flatMap((script) => [...commandsOf(script)]))];
}
