/** The detector port: what was found is kept in HOME/run/host.json, since a machine seldom changes. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { HostProfile } from '../../contract/host.ts';
import type { Detector } from '../../core/ports.ts';
import { detect, type DetectOptions, profileOf, type ReservePercent } from './detect.ts';
import { watchDevices, type Watched } from './device-watch.ts';
import type { Door } from './door.ts';

export interface CachedDetectorOptions {
  readonly door: Door;
  /** HOME/run/host.json. */
  readonly file: string;
  /** Homerunner's own: another one may ask other questions. */
  readonly version: string;
  readonly bootId: () => string;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly engines: DetectOptions['engines'];
  readonly models: NonNullable<DetectOptions['models']>;
  /** What tells that the machine has changed. */
  readonly watched: readonly Watched[];
  /** The owner's reserve as it is now: sizes are computed anew from it at each answer. */
  readonly reserve: () => ReservePercent;
}

/** How long a cached answer is fresh within one boot, milliseconds: 24 hours. */
const freshMs = 24 * 3_600_000;

interface Found {
  readonly at: number;
  readonly profile: HostProfile;
}

export function createCachedDetector(options: CachedDetectorOptions): Detector {
  let found: Found | null = null;
  let asking: Promise<Found> | null = null;

  const ask = async (): Promise<Found> => {
    const { door, engines, models, monotonic } = options;
    const profile = await detect(door, { engines, models, monotonic, reserve: options.reserve() });
    const answer = { at: options.now(), profile };
    await writeCache(options, answer);
    return answer;
  };
  const askOnce = (): Promise<Found> => {
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };

  return {
    async profile(fresh) {
      if (!fresh) found ??= await readCache(options);
      if (fresh || found === null || !isFresh(found.at, options.now())) found = await askOnce();
      return profileOf(found.profile, options.reserve());
    },
    detectedAt: () => found?.at ?? null,
    watch: (changed) => watchDevices(options.watched, changed),
  };
}

/** A time in the future means that the clock was set back: then the age is unknown. */
function isFresh(at: number, now: number): boolean {
  return at <= now && now - at < freshMs;
}

/** The profile is our own writing: its outline is enough to tell a damaged file from a whole one. */
const CacheSchema = v.object({
  schema: v.literal(1),
  version: v.string(),
  bootId: v.string(),
  at: v.number(),
  profile: v.looseObject({
    schema: v.literal(1),
    cpu: v.looseObject({ threads: v.number(), topology: v.array(v.unknown()) }),
    memoryMiB: v.number(),
    engines: v.array(v.unknown()),
    emulation: v.array(v.unknown()),
    gaps: v.array(v.unknown()),
  }),
});

/** Null where there is none, or one of another boot or version, or a damaged one: then the machine is asked. */
async function readCache(options: CachedDetectorOptions): Promise<Found | null> {
  try {
    const json: unknown = JSON.parse(await readFile(options.file, 'utf8'));
    const { at, version, bootId, profile } = v.parse(CacheSchema, json);
    if (version !== options.version || bootId !== options.bootId()) return null;
    return { at, profile: profile as unknown as HostProfile };
  } catch {
    return null;
  }
}

/** A cache that cannot be written costs a detection at the next start, and nothing else. */
async function writeCache(options: CachedDetectorOptions, { at, profile }: Found): Promise<void> {
  const { file, version } = options;
  const draft = `${file}.new`;
  const text = JSON.stringify({ schema: 1, version, bootId: options.bootId(), at, profile });
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, file);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
