/** Container engines: is the client there, and does its engine answer? A missing client is no engine at all. */
import type { Engine } from '../../contract/host.ts';
import { ProblemError, type Problem, problem } from '../../contract/problem.ts';
import type { Answer, Door } from './door.ts';
import { asList, asObject, asText, parseCount, parseFields, parseJsonObject } from './parse.ts';

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
  const info = await dockerInfo(door);
  return { id: 'docker', version, ...info, running: true, problem: null };
}

/** How it runs, and how containers get a graphics card: by the Container Device Interface, or by NVIDIA's own runtime. */
async function dockerInfo(door: Door): Promise<Pick<Engine, 'rootless' | 'gpu'>> {
  const answer = await ask(door, 'docker', ['info', '--format', '{{json .}}'], patientMs);
  const json = answer === null || answer instanceof ProblemError ? null : parseJsonObject(answer.stdout);
  if (json === null) return { rootless: null, gpu: null };
  const devices = asList(json['DiscoveredDevices']).map(asObject);
  const cdi = devices.some((device) => (asText(device?.['ID'] ?? device?.['Name']) ?? '').includes('/gpu='));
  // Before 28.2 the engine does not say which devices its specifications hold.
  const specified = asList(json['CDISpecDirs']).length > 0 && (await hasCdiGpu(door));
  const runtimes = Object.keys(asObject(json['Runtimes']) ?? {});
  return {
    rootless: asList(json['SecurityOptions']).some((option) => asText(option)?.includes('rootless') === true),
    gpu: cdi || specified ? 'cdi' : runtimes.includes('nvidia') ? 'nvidia-runtime' : null,
  };
}

/** Is there a specification of a graphics card for the Container Device Interface? */
async function hasCdiGpu(door: Door): Promise<boolean> {
  const folders = ['/etc/cdi', '/var/run/cdi'];
  const files = await Promise.all(
    folders.map(async (folder) =>
      ((await door.readDir(folder)) ?? [])
        .filter((name) => /\.(?:ya?ml|json)$/.test(name))
        .slice(0, 16)
        .map((name) => `${folder}/${name}`),
    ),
  );
  const texts = await Promise.all(files.flat().map((file) => door.readFile(file)));
  return texts.some((text) => /"?kind"?: *"?(?:nvidia|amd|intel)\.com\/gpu\b/.test(text ?? ''));
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
  // Podman knows the Container Device Interface since 4.1.
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const gpu = (major > 4 || (major === 4 && minor >= 1)) && (await hasCdiGpu(door)) ? 'cdi' : null;
  return { id: 'podman', version, rootless: await isRootless(door), running: true, gpu, problem: null };
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
