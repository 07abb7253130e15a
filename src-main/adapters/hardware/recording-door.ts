/** A door that writes down everything that was learnt through it, for a bug report. */
import { ProblemError } from '../../contract/problem.ts';
import type { Capture } from './capture.ts';
import { commandKey, type Door } from './door.ts';
import { maskCapture, type Names } from './mask.ts';

export interface Recording {
  readonly door: Door;
  /** What was learnt so far, with everything that names this machine or its owner masked. */
  capture(about: { readonly name: string; readonly source: string; readonly names: Names }): Capture;
}

export function recordingDoor(inner: Door): Recording {
  const commands: Capture['commands'] = {};
  const files: Capture['files'] = {};
  const dirs: Capture['dirs'] = {};
  const links: Capture['links'] = {};
  const volumes: Capture['volumes'] = {};
  const denied: string[] = [];
  const door: Door = {
    platform: inner.platform,
    arch: inner.arch,
    partial: inner.partial,
    async run(command, args, limit) {
      const key = commandKey(command, args);
      try {
        const { code, stdout, stderr } = await inner.run(command, args, limit);
        commands[key] = { code, stdout, stderr };
        return { code, stdout, stderr };
      } catch (error) {
        if (error instanceof ProblemError && error.problem.code === 'tool-timeout')
          commands[key] = { code: null, stdout: '', stderr: '' };
        throw error;
      }
    },
    readFile: (path) => noted(files, path, inner.readFile(path)),
    readDir: (path) => noted(dirs, path, inner.readDir(path).then(copy)),
    readLink: (path) => noted(links, path, inner.readLink(path)),
    async exists(path) {
      const there = await inner.exists(path);
      if (there) files[path] ??= '';
      return there;
    },
    async access(path) {
      const access = await inner.access(path);
      if (access !== 'missing') files[path] ??= '';
      if (access === 'denied' && !denied.includes(path)) denied.push(path);
      return access;
    },
    async volumes() {
      const found = await inner.volumes();
      for (const { path, freeMiB, totalMiB } of found) volumes[path] = { freeMiB, totalMiB };
      return found;
    },
  };
  const learnt = { commands, files, dirs, links, volumes, denied };
  const { platform, arch } = inner;
  return {
    door,
    capture: ({ name, source, names }) =>
      maskCapture({ schema: 1, name, source, platform, arch, ...learnt }, names),
  };
}

function copy(names: readonly string[] | null): string[] | null {
  return names === null ? null : [...names];
}

async function noted<T>(
  record: Record<string, T>,
  path: string,
  answer: Promise<T | null>,
): Promise<T | null> {
  const value = await answer;
  if (value !== null) record[path] = value;
  return value;
}
