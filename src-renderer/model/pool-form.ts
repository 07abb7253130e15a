/** The form of a pool: what is typed, what is wrong with it, and what a change does to the runners that are there. */
import type { HostProfile } from '../../src-main/contract/host.ts';
import type { Mode, Pool, PoolEdit, Preset, Size } from '../../src-main/contract/pool.ts';
import type { RunnerView } from '../../src-main/contract/snapshot.ts';
import type { Speech } from '../texts/speech.ts';
import { hasGroups, modesAt, placeKind, scopeOf } from './places.ts';

/** Sizes that can be had on any machine; "own" is numbers by hand. */
export const formSizes = ['standard', 'large', 'multi', 'own'] as const;
export type FormSize = (typeof formSizes)[number];

/** As typed: numbers stay text until they are sent. */
export interface Draft {
  readonly forge: 'local' | 'github';
  /** The id of an account; empty: none is chosen yet. */
  readonly account: string;
  readonly scope: string;
  readonly group: string;
  readonly publicAllowed: boolean;
  readonly fallback: boolean;
  readonly name: string;
  readonly size: FormSize;
  readonly cores: string;
  readonly memoryMiB: string;
  readonly mode: Mode;
  readonly scaling: Preset;
  readonly min: string;
  readonly max: string;
  readonly idleTimeoutSeconds: string;
  readonly weight: string;
  readonly labels: string;
}
export type Field = keyof Draft;
export type Errors = Readonly<Partial<Record<Field, string>>>;

/** The form of a pool that is there, or of a new one. */
export function draftOf(
  pool: Pool | null,
  own: { readonly cores: number; readonly memoryMiB: number },
): Draft {
  const byHand = pool !== null && (pool.cores !== null || pool.memoryMiB !== null);
  return {
    forge: pool?.forge === 'github' ? 'github' : 'local',
    account: pool?.account ?? '',
    scope: pool?.scope ?? '',
    group: pool?.group ?? '',
    publicAllowed: pool?.publicAllowed ?? false,
    fallback: pool?.fallback ?? false,
    name: pool?.name ?? '',
    size: byHand ? 'own' : ofSize(pool?.size ?? 'standard'),
    cores: String(pool?.cores ?? own.cores),
    memoryMiB: String(pool?.memoryMiB ?? own.memoryMiB),
    mode: pool?.mode ?? 'auto',
    scaling: pool?.scaling ?? 'aggressive',
    min: String(pool?.min ?? 0),
    max: String(pool?.max ?? 4),
    idleTimeoutSeconds: String(pool?.idleTimeoutSeconds ?? 300),
    weight: String(pool?.weight ?? 1),
    labels: pool?.labels.join(' ') ?? '',
  };
}

/** A draft with another place: what cannot be had there is chosen anew. */
export function atScope(draft: Draft, scope: string): Draft {
  const moved = { ...draft, scope };
  const allowed = modesAt(scopeOf(scope));
  const mode = allowed.includes(draft.mode) ? draft.mode : (allowed[0] ?? draft.mode);
  const min = placeKind(scopeOf(scope)) === 'repositories' ? '0' : draft.min;
  return draft.forge === 'github' ? { ...moved, mode, min } : moved;
}

function ofSize(size: Size): FormSize {
  return size === 'gpu' ? 'standard' : size;
}

/** A number as people type it, with a point or a comma; null where it is none. */
export function numberOf(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

type NumberName = 'min' | 'max' | 'idleTimeoutSeconds' | 'weight' | 'cores' | 'memoryMiB';
interface NumberRule {
  readonly field: NumberName;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

const always: readonly NumberRule[] = [
  { field: 'min', least: 0, most: 1000, whole: true },
  { field: 'max', least: 1, most: 1000, whole: true },
  { field: 'idleTimeoutSeconds', least: 0, most: 31_536_000, whole: false },
  { field: 'weight', least: 0.01, most: 1000, whole: false },
];
const byHandRules: readonly NumberRule[] = [
  { field: 'cores', least: 0.1, most: 4096, whole: false },
  { field: 'memoryMiB', least: 16, most: 100_000_000, whole: true },
];

/** What is wrong, by field, each a sentence that says what to enter. */
export function errorsOf(draft: Draft, speech: Speech): Errors {
  const errors: Partial<Record<Field, string>> = {};
  if (draft.name.trim().length > 64) errors.name = speech.t('form.required');
  for (const rule of [...always, ...(draft.size === 'own' ? byHandRules : [])]) {
    const value = numberOf(draft[rule.field]);
    if (value === null || value < rule.least || value > rule.most || (rule.whole && !Number.isInteger(value)))
      errors[rule.field] = speech.t(rule.whole ? 'form.whole' : 'form.number', {
        least: rule.least,
        most: rule.most,
      });
  }
  const min = numberOf(draft.min);
  const max = numberOf(draft.max);
  if (draft.mode !== 'auto' && errors.min === undefined && min !== null && max !== null && min > max)
    errors.min = speech.t('form.minmax');
  const wrong = labelsOf(draft).find((label) => !/^[^\s,]{1,64}$/.test(label));
  if (wrong !== undefined) errors.labels = speech.t('form.label.bad', { label: wrong });
  return draft.forge === 'github' ? { ...errors, ...placeErrors(draft, speech) } : errors;
}

function placeErrors(draft: Draft, { t }: Speech): Errors {
  const kind = placeKind(scopeOf(draft.scope));
  const many = kind === 'repositories' && draft.mode !== 'auto' && numberOf(draft.min) !== 0;
  return {
    ...(draft.account === '' && { account: t('place.noAccount') }),
    ...(kind === null && { scope: t('place.bad') }),
    ...(draft.group.trim().length > 100 && { group: t('place.group.bad') }),
    ...(many && { min: t('place.minZero') }),
  };
}

function labelsOf(draft: Draft): readonly string[] {
  return [...new Set(draft.labels.toLowerCase().split(/\s+/).filter(Boolean))];
}

/** What is sent: every field for a new pool, only what differs for one that is there. To be asked without errors. */
export function editOf(draft: Draft, before: Pool | null): PoolEdit {
  const number = (field: NumberName): number => numberOf(draft[field]) ?? 0;
  const own = draft.size === 'own';
  const name = draft.name.trim();
  const all = {
    ...(draft.forge === 'github' && placeOf(draft)),
    ...(name !== '' && { name }),
    // Numbers by hand replace the arithmetic of the size, which stays what it was.
    ...(draft.size !== 'own' && { size: draft.size }),
    cores: own ? number('cores') : null,
    memoryMiB: own ? number('memoryMiB') : null,
    mode: draft.mode,
    scaling: draft.scaling,
    min: number('min'),
    max: number('max'),
    idleTimeoutSeconds: number('idleTimeoutSeconds'),
    weight: number('weight'),
    labels: [...labelsOf(draft)],
  } satisfies PoolEdit;
  if (before === null) return all;
  const known: Readonly<Record<string, unknown>> = before;
  return Object.fromEntries(
    Object.entries(all).filter(([field, value]) => JSON.stringify(known[field]) !== JSON.stringify(value)),
  );
}

function placeOf(draft: Draft) {
  const scope = scopeOf(draft.scope);
  const group = draft.group.trim();
  return {
    forge: 'github',
    account: draft.account,
    scope,
    group: hasGroups(scope) && group !== '' ? group : null,
    publicAllowed: draft.publicAllowed,
    fallback: draft.fallback && placeKind(scope) !== 'enterprise',
  } satisfies PoolEdit;
}

/** What is checked before a pool is made or changed: all that a check may depend on. */
export function checkedOf(edit: PoolEdit, before: Pool | null): PoolEdit {
  const {
    id: _id,
    name: _name,
    weight: _weight,
    fallback: _fallback,
    ...rest
  } = {
    id: null,
    ...before,
    ...edit,
  };
  return rest;
}

export interface Effect {
  /** Idle runners and runners in the making that are made anew. */
  readonly replaced: number;
  readonly jobs: number;
  /** There are runners, and they stay as they are. */
  readonly untouched: boolean;
}

const heavy: readonly (keyof Pool)[] = [
  'size',
  'cores',
  'memoryMiB',
  'labels',
  'arch',
  'runtime',
  'forge',
  'scope',
  'account',
  'group',
];

/** What an edit does to the runners of its pool now. */
export function effectOf(edit: PoolEdit, before: Pool, runners: readonly RunnerView[]): Effect {
  const own = runners.filter((runner) => runner.pool === before.id && runner.phase !== 'gone');
  const jobs = own.filter((runner) => runner.job !== null || runner.phase === 'busy').length;
  const oneJob = (mode: Mode): boolean => mode === 'ephemeral';
  const replaces =
    heavy.some((field) => field in edit) ||
    (edit.mode !== undefined && oneJob(edit.mode) !== oneJob(before.mode));
  const replaced = replaces ? own.length - jobs : 0;
  return { replaced, jobs: replaces ? jobs : 0, untouched: own.length > 0 && !replaces };
}

/** What one runner of a size gets here, and how many fit; null where detection has no answer. */
export function offerOf(profile: HostProfile | null, size: FormSize): HostProfile['sizes'][Size] | null {
  return size === 'own' ? null : (profile?.sizes[size] ?? null);
}
