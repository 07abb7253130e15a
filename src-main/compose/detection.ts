/** The detector over this machine, or over a recording of another one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import path from 'node:path';
import { createCachedDetector } from '../adapters/hardware/cached-detector.ts';
import { captureText, parseCapture } from '../adapters/hardware/capture.ts';
import { parseOwnModels } from '../adapters/hardware/catalogue/own-models.ts';
import { detect, type DetectOptions } from '../adapters/hardware/detect.ts';
import { watchedOn } from '../adapters/hardware/device-watch.ts';
import type { Door } from '../adapters/hardware/door.ts';
import { liveDoor } from '../adapters/hardware/live-door.ts';
import { recordingDoor } from '../adapters/hardware/recording-door.ts';
import { replayDoor } from '../adapters/hardware/replay-door.ts';
import type { HostProfile } from '../contract/host.ts';
import { problem } from '../contract/problem.ts';
import { defaultConfig, type Config } from '../core/config/schema.ts';
import type { Detector } from '../core/ports.ts';
import { clock, identity, type Place } from './machine.ts';

function door(home: string): Door {
  return liveDoor({ platform: process.platform, arch: process.arch, env: process.env, folders: [home] });
}

function engines(): DetectOptions['engines'] {
  const { env } = process;
  return {
    dockerElsewhere: env['DOCKER_HOST'] !== undefined || env['DOCKER_CONTEXT'] !== undefined,
    runtimeFolder: env['XDG_RUNTIME_DIR'] ?? null,
    homeFolder: homedir(),
  };
}

/** The owner's own models in HOME/hardware.json; most homes have none. */
function models(home: string): NonNullable<DetectOptions['models']> {
  const file = path.join(home, 'hardware.json');
  return async () => {
    const text = await readFileOrNull(file);
    return text === null ? [] : parseOwnModels(text, file);
  };
}

async function readFileOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

function percent(config: Config): DetectOptions['reserve'] {
  return { cpu: config.reserve.cpuPercent, memory: config.reserve.memoryPercent };
}

/** The supervisor's detector: cached in the home, asked again on request. */
export function detectorFor(place: Place, config: () => Config): Detector {
  return createCachedDetector({
    door: door(place.layout.home),
    file: path.join(place.layout.run, 'host.json'),
    version: identity.version,
    bootId: () => place.bootId,
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    engines: engines(),
    models: models(place.layout.home),
    watched: watchedOn(process.platform, process.env['PATH'] ?? ''),
    reserve: () => percent(config()),
  });
}

/** `detect`: this machine, recorded where `record` names a file, or what the recording `replay` holds. */
export async function detectOnce(
  home: string,
  config: Config,
  wish: { readonly record: string | null; readonly replay: string | null },
): Promise<{ profile: HostProfile; note: string | null }> {
  const options = { engines: engines(), monotonic: () => clock.monotonic() };
  if (wish.replay !== null) {
    const capture = parseCapture(read(wish.replay), wish.replay);
    return {
      profile: await detect(replayDoor(capture), { ...options, reserve: percent(defaultConfig) }),
      note: null,
    };
  }
  const here = { ...options, models: models(home), reserve: percent(config) };
  if (wish.record === null) return { profile: await detect(door(home), here), note: null };
  const recording = recordingDoor(door(home));
  const profile = await detect(recording.door, here);
  const file = path.resolve(wish.record);
  const names = { user: userInfo().username, host: hostname() };
  write(
    file,
    captureText(
      recording.capture({ name: path.basename(file, '.json'), source: 'homerunner detect --record', names }),
    ),
  );
  return {
    profile,
    note: `Wrote ${file}: the texts of the files and commands that detection read, with serial numbers, UUIDs, hardware addresses and the names of user and host masked. Look at it before you send it.`,
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw problem('capture-unreadable', `The recording ${file} cannot be read.`, 'Check the path.', {
      subject: file,
    });
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch {
    throw problem(
      'usage',
      `The file ${file} cannot be written.`,
      'Choose a folder that exists and is yours.',
      { subject: file },
    );
  }
}
