/** The jobs that chaos submits. Each writes into a ledger of its own when it begins and how it is about to end. */
import type { Submission } from '../../src-main/contract/job.ts';
import { submissionOf } from '../support/control.ts';
import type { Random } from './random.ts';

/**
 * One program for all kinds: `job.sh LEDGER KEY KIND ARG`. A line is one write with O_APPEND, so that lines of jobs
 * that write at the same time stay whole. What stands in the ledger was done, whatever the supervisor says.
 */
export const jobScript = `
ledger=$1 key=$2 kind=$3 arg=$4 code=0
say() { echo "$1 $key $HOMERUNNER_JOB $2" >> "$ledger"; }
echo "output of $key"
say begin $$
case $kind in
  plain) ;;
  fail) code=$arg ;;
  sleep) sleep "$arg" ;;
  stubborn) trap '' TERM; for i in $(seq "$arg"); do sleep 1; done ;;
  endless) while :; do sleep 1; done ;;
  children)
    setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' > /dev/null 2>&1 &
    (sleep 600 &) ;;
  source) grep -q "$arg" tracked.txt || code=90 ;;
  outputs) mkdir -p out/deep && echo "$key" > out/deep/key.txt && head -c 300000 /dev/zero > out/zeros ;;
  again) [ "$(grep -c "^begin $key " "$ledger")" -ge "$arg" ] || code=3 ;;
  loud) head -c 2000000 /dev/zero | tr '\\0' x ;;
esac
say end $code
exit $code
`;

export type Kind =
  'plain' | 'fail' | 'sleep' | 'stubborn' | 'endless' | 'children' | 'source' | 'outputs' | 'again' | 'loud';

export interface Folders {
  readonly script: string;
  readonly ledger: string;
  readonly repository: string;
  readonly plain: string;
}

export interface ChaosJob {
  readonly key: string;
  readonly kind: Kind;
  readonly submission: Submission;
  /** Ended by its time limit. */
  readonly limited: boolean;
  /** Milliseconds after which it is cancelled; null: it is not. */
  readonly cancelAfter: number | null;
}

interface Wish {
  readonly arg?: string;
  readonly source?: Submission['source'];
  readonly more?: Partial<Submission>;
  readonly cancelAfter?: number;
}

/** What the repository's tracked file says, in its commit and in its changed working copy. */
export const committed = 'as committed';
export const changed = 'as changed';

/** A job of that kind under `key`; its numbers are chance. */
export function jobOf(key: string, kind: Kind, folders: Folders, random: Random): ChaosJob {
  const wish = wishOf(kind, random);
  const source = wish.source ?? random.pick(sources);
  const dir = source === 'copy' || source === 'in-place' ? folders.plain : folders.repository;
  const limited = kind === 'endless';
  return {
    key,
    kind,
    limited,
    cancelAfter: wish.cancelAfter ?? (random.chance(0.1) ? random.between(0, 1500) : null),
    submission: submissionOf(['sh', folders.script, folders.ledger, key, kind, wish.arg ?? '-'], dir, {
      source,
      env: { CHAOS_KEY: key },
      timeoutSeconds: limited ? 1 : 0,
      ...wish.more,
    }),
  };
}

const sources: readonly (readonly [number, Submission['source']])[] = [
  [5, 'in-place'],
  [3, 'commit'],
  [1, 'dirty'],
  [1, 'copy'],
];

function wishOf(kind: Kind, random: Random): Wish {
  switch (kind) {
    case 'fail':
      return { arg: String(Math.floor(random.between(1, 120))) };
    case 'sleep':
      return { arg: random.between(0.1, 3).toFixed(2) };
    case 'stubborn':
      return { arg: '20', cancelAfter: random.between(0, 1500) };
    case 'source':
      return random.chance(0.5) ? { source: 'commit', arg: committed } : { source: 'dirty', arg: changed };
    case 'outputs':
      return { source: 'commit', more: { outputs: ['out/deep', 'out/zeros'] } };
    case 'again':
      return { arg: '2', more: { retries: 2 } };
    case 'plain':
    case 'endless':
    case 'children':
    case 'loud':
      return {};
  }
}

/** What a day's work is made of, with more trouble in it. */
export function anyKind(random: Random): Kind {
  return random.pick<Kind>([
    [30, 'plain'],
    [10, 'fail'],
    [20, 'sleep'],
    [1, 'stubborn'],
    [3, 'endless'],
    [10, 'children'],
    [10, 'source'],
    [8, 'outputs'],
    [6, 'again'],
    [2, 'loud'],
  ]);
}
