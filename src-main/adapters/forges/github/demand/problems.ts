/** What a person should act on, of what is followed: what cannot be asked, and what is not any more what a pool was made for. */
import type { Pool } from '../../../../contract/pool.ts';
import type { Problem } from '../../../../contract/problem.ts';
import type { Clock } from '../../../../core/ports.ts';
import { isFresh, isRefused } from './entry.ts';
import { isListed, type Reach, type Reached } from './whole.ts';

/** What a person should act on, each once; `subject` is the account or the pool. */
export function problemsOf(
  reaches: readonly Reach[],
  takesPublic: (pool: Pool) => boolean,
  clock: Clock,
): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const reach of reaches) {
    for (const found of problemsOfReach(reach, takesPublic(reach.pool), clock))
      problems.set(`${found.code} ${found.message}`, found);
  }
  return [...problems.values()];
}

function problemsOfReach(reach: Reach, takesPublic: boolean, clock: Clock): readonly Problem[] {
  const { pool, enterprise, listings, repositories, book } = reach;
  if (book === null) return [];
  if (book.problem !== null) return [book.problem];
  const subject = { subject: pool.id };
  const all: readonly Problem[] = [
    ...repositories.flatMap((one) => [...change(pool, one), ...opened(pool, one, takesPublic)]),
    ...(enterprise?.state?.hidden == null ? [] : [{ ...enterprise.state.hidden, ...subject }]),
    ...(enterprise?.problem == null || isListed(enterprise, clock)
      ? []
      : [{ ...enterprise.problem, ...subject }]),
  ];
  const asked = [...listings, ...repositories.map(({ entry }) => entry)];
  const troubled = asked.filter((entry) => isRefused(entry) || !isFresh(entry, clock));
  const [first, second] = troubled.flatMap(({ problem }) => problem ?? []);
  if (first === undefined) return all;
  if (second === undefined) return [...all, { ...first, ...subject }];
  const names = troubled.slice(0, 3).map(({ key }) => key);
  const message = `${troubled.length} places of ${pool.scope ?? ''} cannot be asked (${names.join(', ')}${troubled.length > 3 ? ', …' : ''}). ${first.message}`;
  return [...all, { ...first, message, ...subject }];
}

/** The one repository of a pool is not any more what the pool was made for. */
function change(pool: Pool, { entry, listing }: Reached): readonly Problem[] {
  const { name, state } = entry;
  const { about } = state;
  if (listing !== null || about === null) return [];
  if (about.name.toLowerCase() !== name.toLowerCase())
    return [
      {
        code: 'not-found',
        message: `The repository ${name} is called ${about.name} now.`,
        hint: `Change the scope of the pool: homerunner pool edit ${pool.id} --scope ${about.name}`,
        subject: pool.id,
      },
    ];
  if (!about.isArchived) return [];
  return [
    {
      code: 'forbidden',
      message: `The repository ${name} is archived: no job comes from it any more.`,
      hint: `Remove the pool ${pool.id}, or change its scope.`,
      subject: pool.id,
    },
  ];
}

/** The same: whoever may send changes to it could run programs here. */
function opened(pool: Pool, { entry, listing }: Reached, takesPublic: boolean): readonly Problem[] {
  const { name, state } = entry;
  if (listing !== null || takesPublic || state.about?.isPublic !== true) return [];
  return [
    {
      code: 'refused-by-policy',
      message: `The repository ${name} is public: none of its jobs is taken, and idle runners there are ended.`,
      hint: `Make it private, or remove the pool ${pool.id}.`,
      subject: pool.id,
    },
  ];
}
