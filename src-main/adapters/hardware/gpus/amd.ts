/** AMD: the kernel's files first, since they cost nothing; the tools only where those do not tell. */
import { type Problem, problem, ProblemError } from '../../../contract/problem.ts';
import { type Catalogue, common } from '../../../core/catalogue.ts';
import type { Answer, Door } from '../door.ts';
import { parseAmdSmi, parseRocmSmi } from './amd-tools.ts';
import { joinSightings } from './join.ts';
import { kfdSightings } from './kfd.ts';
import { type Sighting, versionOf } from './sighting.ts';

export interface AmdAnswer {
  readonly cards: readonly Sighting[];
  readonly problem: Problem | null;
}

/** Both are Python programs, which take half a second to start. */
const timeoutMs = 4000;

const questions = [
  { command: 'amd-smi', args: ['static', '--json'], parse: parseAmdSmi },
  {
    command: 'rocm-smi',
    args: ['--showproductname', '--showmeminfo', 'vram', '--json'],
    parse: parseRocmSmi,
  },
  { command: 'rocm-smi', args: ['--showallinfo', '--json'], parse: parseRocmSmi },
] as const;

/** `seen` is what the bus and the displays show of AMD's cards. */
export async function amdSightings(
  door: Door,
  seen: readonly Sighting[],
  catalogue: () => Promise<Catalogue>,
): Promise<AmdAnswer> {
  const node = await door.access('/dev/kfd');
  let cards = joinSightings([await kfdSightings(door, node === 'usable'), seen]);
  const told = async (): Promise<boolean> =>
    cards.length > 0 &&
    cards.every((card) => card.memoryMiB !== null && card.gfxTarget !== null) &&
    cards.every(modelIsKnown(await catalogue()));
  let failure: Problem | null = null;
  const isDevice = async (): Promise<(pciId: string) => boolean> => {
    const known = await catalogue();
    const nothing = { vendor: 'AMD', revision: null, name: null, memoryMiB: null };
    return (pciId) => known.match({ ...nothing, pciId }).length > 0;
  };
  for (const { command, args, parse } of questions) {
    if (await told()) break;
    // Without the driver for computing the tools have nobody to ask.
    if (cards.length > 0 && cards.every((card) => card.module !== null && card.module !== 'amdgpu')) break;
    try {
      const answer = await door.run(command, args, { timeoutMs });
      const listed = parse(answer.stdout, await isDevice());
      if (listed.length === 0) failure ??= toolFailure(command, answer);
      cards = joinSightings([listed, cards]);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.problem.code !== 'tool-missing') failure ??= error.problem;
    }
  }
  const version = await rocmVersion(door);
  return {
    cards: cards.map((card) => (card.works ? { ...card, api: { name: 'ROCm', version } } : card)),
    problem: cards.length > 0 ? null : failure,
  };
}

/** What a tool that lists no card means; some end with 0 all the same. */
function toolFailure(command: string, { stdout, stderr, code }: Answer): Problem | null {
  const text = `${stdout.slice(0, 4096)}\n${stderr.slice(0, 4096)}`;
  const about = { subject: command };
  if (/not initialized|not found in modules|NO_DRV|driver not loaded|no amdgpu/i.test(text))
    return problem(
      'driver-missing',
      `${command} is installed, but the driver amdgpu is not loaded.`,
      'Load it with `sudo modprobe amdgpu`, or see with `dmesg | grep -i amdgpu` why it does not start.',
      about,
    ).problem;
  if (/permission|required groups/i.test(text))
    return problem(
      'forbidden',
      `${command} may not open the graphics cards.`,
      'Run `sudo usermod -aG render,video $USER` and sign in again.',
      about,
    ).problem;
  // An empty list is an answer: there is no card.
  if (code === 0 && /^\s*(?:\{\s*\}|\[\s*\])?\s*$/.test(stdout)) return null;
  return problem(
    'tool-unreadable',
    `The answer of ${command} was not understood (exit code ${code}).`,
    `Run ${command} by hand to see what it says.`,
    about,
  ).problem;
}

function modelIsKnown(catalogue: Catalogue): (card: Sighting) => boolean {
  return (card) => common(catalogue.match(card), (model) => model.model) !== null;
}

async function rocmVersion(door: Door): Promise<string | null> {
  if (door.platform !== 'linux') return null;
  return versionOf((await door.readFile('/opt/rocm/.info/version'))?.split('-')[0]);
}
