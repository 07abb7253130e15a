/** Intel: `xpu-smi`, which speaks Level Zero; else the kernel's files and the libraries of the runtime. */
import { type Problem, problem, ProblemError } from '../../../contract/problem.ts';
import type { Answer, Door } from '../door.ts';
import { asCount, asList, asObject, asText, parseJsonObject } from '../parse.ts';
import { joinSightings } from './join.ts';
import { addressOf, bytesToMiB, hexId, known, type Sighting, sighting } from './sighting.ts';

export interface IntelAnswer {
  readonly cards: readonly Sighting[];
  readonly problem: Problem | null;
}

const timeoutMs = 4000;
const mostGpus = 64;

/** `seen` is what the bus and the displays show of Intel's cards. */
export async function intelSightings(door: Door, seen: readonly Sighting[]): Promise<IntelAnswer> {
  const { cards, problem } = await byTool(door);
  const joined = joinSightings([cards, seen]);
  const runtime = await hasRuntime(door, joined);
  return {
    cards: joined.map((card) => {
      const works = card.works || (runtime && (card.module === 'i915' || card.module === 'xe'));
      return works ? { ...card, works, api: { name: 'Level Zero', version: null } } : card;
    }),
    problem: joined.length > 0 ? null : problem,
  };
}

async function byTool(door: Door): Promise<IntelAnswer> {
  try {
    const list = await door.run('xpu-smi', ['discovery', '-j'], { timeoutMs });
    const devices = parseXpuList(list.stdout);
    if (devices.length === 0) return { cards: [], problem: toolFailure(list) };
    const cards = await Promise.all(
      devices.map(async ({ id, card }) => {
        const args = ['discovery', '-d', `${id}`, '-j'];
        const answer = await door.run('xpu-smi', args, { timeoutMs }).catch(() => null);
        return answer === null ? card : { ...card, ...parseXpuDevice(answer.stdout) };
      }),
    );
    return { cards, problem: null };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { cards: [], problem: error.problem.code === 'tool-missing' ? null : error.problem };
  }
}

/** What a list without a card means: an empty one is an answer, an error that ends with 0 is none. */
function toolFailure({ stdout, stderr, code }: Answer): Problem | null {
  const json = parseJsonObject(stdout);
  if (code === 0 && Array.isArray(json?.['device_list'])) return null;
  const said = asText(json?.['error']) ?? asText(stderr.slice(0, 200)) ?? asText(stdout.slice(0, 200));
  const level = /level.?zero/i.test(said ?? '');
  return problem(
    level ? 'driver-missing' : 'tool-unreadable',
    level
      ? 'xpu-smi is installed, but the runtime for computing on Intel graphics (Level Zero) does not start.'
      : `The answer of xpu-smi was not understood (exit code ${code}).`,
    'Run `xpu-smi discovery` by hand to see what it says.',
    { subject: 'xpu-smi' },
  ).problem;
}

/** `xpu-smi discovery -j`. Pure, so that it can be fed any text. */
export function parseXpuList(text: string): readonly { readonly id: number; readonly card: Sighting }[] {
  const devices = asList(parseJsonObject(text)?.['device_list']).slice(0, mostGpus).map(asObject);
  return devices.flatMap((device) => {
    const id = asCount(device?.['device_id']);
    if (device === null || id === null || id > 999) return [];
    // Functions that are lent to virtual machines are no cards.
    if (asText(device['device_function_type']) === 'virtual') return [];
    const pci = hexId(asText(device['pci_device_id']));
    const card = sighting('Intel', {
      name: known(asText(device['device_name'])),
      pciId: pci === null ? null : `8086:${pci}`,
      address: addressOf(asText(device['pci_bdf_address'])),
      uuid: known(asText(device['uuid'])),
      works: true,
    });
    return [{ id, card }];
  });
}

/** `xpu-smi discovery -d N -j`: sizes are text, in bytes. */
export function parseXpuDevice(text: string): Pick<Sighting, 'memoryMiB' | 'driver'> {
  const device = parseJsonObject(text) ?? {};
  const driver = known(asText(device['driver_version']));
  return {
    memoryMiB: bytesToMiB(asCount(device['memory_physical_size_byte'])),
    driver: driver !== null && driver.length <= 64 ? driver : null,
  };
}

/** Where distributions put the Level Zero driver and the registration of its OpenCL sister. */
const libraries = [
  '/usr/lib/x86_64-linux-gnu/libze_intel_gpu.so.1',
  '/usr/lib64/libze_intel_gpu.so.1',
  '/usr/lib/libze_intel_gpu.so.1',
  '/etc/OpenCL/vendors/intel.icd',
];

async function hasRuntime(door: Door, cards: readonly Sighting[]): Promise<boolean> {
  if (cards.length === 0 || door.platform !== 'linux') return false;
  const found = await Promise.all(libraries.map((path) => door.exists(path)));
  if (!found.includes(true)) return false;
  const nodes = ((await door.readDir('/dev/dri')) ?? []).filter((name) => name.startsWith('renderD'));
  const access = await Promise.all(nodes.map((name) => door.access(`/dev/dri/${name}`)));
  return access.includes('usable');
}
