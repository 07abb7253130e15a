/** NVIDIA: what `nvidia-smi` answers, asked in as few calls as tell all; what /proc says where it does not. */
import { type Problem, ProblemError } from '../../../contract/problem.ts';
import { type Catalogue, common } from '../../../core/catalogue.ts';
import type { Answer, Door } from '../door.ts';
import { parseFields } from '../parse.ts';
import { joinSightings } from './join.ts';
import { namedSlices } from './mig.ts';
import { nvidiaFailure } from './nvidia-failure.ts';
import {
  parseNvidiaCsv,
  parseNvidiaList,
  parseNvidiaQuery,
  parseNvidiaTable,
  queryColumns,
} from './nvidia-text.ts';
import { parseNvidiaXml } from './nvidia-xml.ts';
import { addressOf, known, type Sighting, sighting } from './sighting.ts';

/** Without persistence mode the driver wakes each card, which takes seconds on large machines. */
const timeoutMs = 5000;

export interface NvidiaAnswer {
  readonly cards: readonly Sighting[];
  /** Why the tool told nothing, where it was there; null where it answered or is missing. */
  readonly problem: Problem | null;
}

/** What one question brought: cards, or the reason for none. "missing" is a tool or an option that is not there. */
type Reply = readonly Sighting[] | Problem | 'missing';

export async function nvidiaSightings(
  door: Door,
  catalogue: () => Promise<Catalogue>,
): Promise<NvidiaAnswer> {
  const ask = asker(door);
  let cards: readonly Sighting[] = [];
  let failure: Problem | null = null;
  const csv = (columns: readonly string[]) => () =>
    ask([`--query-gpu=${columns.join(',')}`, '--format=csv,noheader,nounits'], (text) =>
      parseNvidiaCsv(text, columns),
    );
  const questions: readonly (() => Promise<Reply>)[] = [
    () => ask(['-q', '-x'], parseNvidiaXml),
    csv(queryColumns),
    csv(queryColumns.filter((column) => column !== 'compute_cap')),
    () => ask(['-q'], parseNvidiaQuery),
    () => ask(['-L'], parseNvidiaList),
    () => ask([], parseNvidiaTable),
  ];
  for (const question of questions) {
    const reply = await question();
    if (reply === 'missing') continue;
    if (!Array.isArray(reply)) {
      failure ??= reply as Problem;
      // A driver that does not answer once will not answer twice, and takes its time.
      if (failure.code !== 'tool-unreadable') break;
      continue;
    }
    cards = joinSightings([cards, reply as readonly Sighting[]]);
    if (cards.length > 0 && cards.every(tellsAll)) break;
  }
  cards = await withCapability(await withSlices(cards, ask), catalogue, csv(queryColumns));
  return { cards, problem: cards.length > 0 ? null : failure };
}

/** What a person and a job must know; memory may be none of its own. */
function tellsAll(card: Sighting): boolean {
  return card.name !== null && card.driver !== null && card.api?.version != null;
}

type Ask = (args: readonly string[], parse: (text: string) => readonly Sighting[]) => Promise<Reply>;

function asker(door: Door): Ask {
  return async (args, parse) => {
    let answer: Answer;
    try {
      answer = await run(door, args);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return error.problem.code === 'tool-missing' ? 'missing' : error.problem;
    }
    const cards = answer.code === 0 ? parse(answer.stdout) : [];
    return cards.length > 0 ? cards : nvidiaFailure(answer);
  };
}

/** In Windows' Linux the tool lies outside of the path of services. */
async function run(door: Door, args: readonly string[]): Promise<Answer> {
  try {
    return await door.run('nvidia-smi', args, { timeoutMs });
  } catch (error) {
    const place = '/usr/lib/wsl/lib/nvidia-smi';
    const missing = error instanceof ProblemError && error.problem.code === 'tool-missing';
    if (!missing || !(await door.exists(place))) throw error;
    return door.run(place, args, { timeoutMs });
  }
}

/** Only `-L` names the profile and the uuid of a slice. */
async function withSlices(cards: readonly Sighting[], ask: Ask): Promise<readonly Sighting[]> {
  if (!cards.some((card) => card.slices.length > 0)) return cards;
  const listed = await ask(['-L'], parseNvidiaList);
  if (listed === 'missing' || !Array.isArray(listed)) return cards;
  const list = listed as readonly Sighting[];
  return cards.map((card, i) => {
    const same = list.find((one) => one.uuid !== null && one.uuid === card.uuid) ?? list[i];
    return same === undefined ? card : { ...card, slices: namedSlices(card.slices, same.slices) };
  });
}

/** The XML does not hold the compute capability: the driver is asked for it where the catalogue does not know the card. */
async function withCapability(
  cards: readonly Sighting[],
  catalogue: () => Promise<Catalogue>,
  ask: () => Promise<Reply>,
): Promise<readonly Sighting[]> {
  if (cards.length === 0) return cards;
  const models = await catalogue();
  const told = (card: Sighting): boolean =>
    card.computeCapability !== null || common(models.match(card), (m) => m.computeCapability) !== null;
  if (cards.every(told)) return cards;
  const reply = await ask();
  return Array.isArray(reply) ? joinSightings([cards, reply as readonly Sighting[]]) : cards;
}

/** The cards that the kernel's driver holds, in /proc: names and uuids also where the tool is missing or broken. */
export async function nvidiaKernelCards(door: Door): Promise<readonly Sighting[]> {
  if (door.platform !== 'linux') return [];
  const root = '/proc/driver/nvidia/gpus';
  const names = ((await door.readDir(root)) ?? []).filter((name) => addressOf(name) !== null).slice(0, 64);
  return Promise.all(
    names.map(async (name) => {
      const fields = parseFields((await door.readFile(`${root}/${name}/information`)) ?? '');
      const uuid = fields.get('GPU UUID');
      return sighting('NVIDIA', {
        name: known(fields.get('Model')),
        // The driver writes question marks until a program has opened the card.
        uuid: uuid === undefined || uuid.includes('?') ? null : known(uuid),
        address: addressOf(fields.get('Bus Location')) ?? addressOf(name),
        module: 'nvidia',
      });
    }),
  );
}

/** What the kernel's driver says by itself: its version, while the tool is missing or broken. */
export async function nvidiaKernelDriver(door: Door): Promise<string | null> {
  if (door.platform !== 'linux') return null;
  const [version, module] = await Promise.all([
    door.readFile('/proc/driver/nvidia/version'),
    door.readFile('/sys/module/nvidia/version'),
  ]);
  return (
    /Kernel Module[^\d\n]*(\d{2,4}(?:\.\d{1,4}){1,2})\b/.exec(version ?? '')?.[1] ??
    /^(\d{2,4}(?:\.\d{1,4}){1,2})\s*$/.exec(module ?? '')?.[1] ??
    null
  );
}
