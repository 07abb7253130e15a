/** AMD: the kernel's files first, since they cost nothing; the tools only where those do not tell. */
import { type Problem, ProblemError } from '../../../contract/problem.ts';
import { type Catalogue, common } from '../../../core/catalogue.ts';
import type { Door } from '../door.ts';
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
  for (const { command, args, parse } of questions) {
    if (await told()) break;
    // Without the driver for computing the tools have nobody to ask.
    if (cards.length > 0 && cards.every((card) => card.module !== null && card.module !== 'amdgpu')) break;
    try {
      const answer = await door.run(command, args, { timeoutMs });
      cards = joinSightings([parse(answer.stdout), cards]);
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

function modelIsKnown(catalogue: Catalogue): (card: Sighting) => boolean {
  return (card) => common(catalogue.match(card), (model) => model.model) !== null;
}

async function rocmVersion(door: Door): Promise<string | null> {
  if (door.platform !== 'linux') return null;
  return versionOf((await door.readFile('/opt/rocm/.info/version'))?.split('-')[0]);
}
