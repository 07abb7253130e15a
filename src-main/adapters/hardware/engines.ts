/** Container engines: is the client there, and does its engine answer? A missing client is no engine at all. */
import type { Engine } from '../../contract/host.ts';
import { ProblemError, type Problem, problem } from '../../contract/problem.ts';
import type { Answer, Door } from './door.ts';
import { asObject, asText, parseCount, parseFields, parseJsonObject } from './parse.ts';

/** Where sockets lie that are not named by the client's own settings, below the folder of the user's session. */
export interface EngineSettings {
  /** DOCKER_HOST, DOCKER_CONTEXT or a context file: the socket may be anywhere. */
  readonly dockerElsewhere: boolean;
  /** XDG_RUNTIME_DIR and the home folder; null where unknown. */
  readonly runtimeFolder: string | null;
  readonly homeFolder: string | null;
}

/** With a socket there, its engine gets time to answer; without one the client is only asked what it is. */
const patientMs = 2000;
const hastyMs = 100;

export async function probeEngines(door: Door, settings: EngineSettings): Promise<readonly Engine[]> {
  const engines = await Promise.all([docker(door, settings), podman(door)]);
  return engines.filter((engine) => engine !== null);
}

async function docker(door: Door, settings: EngineSettings): Promise<Engine | null> {
  const timeoutMs = (await mayAnswer(door, settings)) ? patientMs : hastyMs;
  const answer = await ask(door, 'docker', ['version', '--format', '{{json .}}'], timeoutMs);
  if (answer === null) return null;
  if (answer instanceof ProblemError)
    return down('docker', null, notRunning('docker', answer.problem.message));
  const json = parseJsonObject(answer.stdout);
  const [client, server] = [asObject(json?.['Client']), asObject(json?.['Server'])];
  const version = asText(server?.['Version']) ?? asText(client?.['Version']);
  if (server === null) return down('docker', version, dockerProblem(answer.stderr));
  return { id: 'docker', version, rootless: null, running: true, gpu: null, problem: null };
}

async function mayAnswer(door: Door, settings: EngineSettings): Promise<boolean> {
  if (settings.dockerElsewhere || door.platform !== 'linux') return true;
  const { runtimeFolder, homeFolder } = settings;
  const sockets = [
    '/var/run/docker.sock',
    ...(runtimeFolder === null ? [] : [`${runtimeFolder}/docker.sock`]),
    ...(homeFolder === null ? [] : [`${homeFolder}/.docker/desktop/docker.sock`]),
  ];
  return (await Promise.all(sockets.map((path) => door.exists(path)))).includes(true);
}

function dockerProblem(stderr: string): Problem {
  if (!/permission denied/i.test(stderr))
    return notRunning('docker', 'Docker is installed, but its engine does not answer.');
  return problem(
    'engine-denied',
    'Docker runs, but this user may not use it.',
    'Add the user to the group docker (which gives it the rights of root), or set up rootless Docker.',
    { subject: 'docker' },
  ).problem;
}

function notRunning(engine: string, message: string): Problem {
  return problem('engine-down', message, `Start ${engine}, then run \`homerunner detect\` again.`, {
    subject: engine,
  }).problem;
}

function down(id: Engine['id'], version: string | null, why: Problem): Engine {
  return { id, version, rootless: null, running: false, gpu: null, problem: why };
}

/** Podman has no daemon on Linux: a client that runs is the engine. Elsewhere it talks to a machine. */
async function podman(door: Door): Promise<Engine | null> {
  const answer = await ask(door, 'podman', ['version', '--format', 'json'], patientMs);
  if (answer === null) return null;
  if (answer instanceof ProblemError)
    return down('podman', null, notRunning('podman', answer.problem.message));
  const json = parseJsonObject(answer.stdout);
  const [client, server] = [asObject(json?.['Client']), asObject(json?.['Server'])];
  const version = asText(server?.['Version']) ?? asText(client?.['Version']);
  const answers = door.platform === 'linux' ? client !== null : server !== null;
  if (!answers)
    return down(
      'podman',
      version,
      notRunning('podman', 'Podman is installed, but its machine does not answer.'),
    );
  return { id: 'podman', version, rootless: await isRootless(door), running: true, gpu: null, problem: null };
}

async function isRootless(door: Door): Promise<boolean | null> {
  if (door.platform !== 'linux') return null;
  const status = await door.readFile('/proc/self/status');
  const uid = parseCount(
    parseFields(status ?? '')
      .get('Uid')
      ?.split(/\s+/)[1],
  );
  return uid === null ? null : uid !== 0;
}

/** Null where the client is missing; the problem where it does not end in time. */
async function ask(
  door: Door,
  command: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<Answer | ProblemError | null> {
  try {
    return await door.run(command, args, { timeoutMs });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problem.code === 'tool-missing' ? null : error;
  }
}
