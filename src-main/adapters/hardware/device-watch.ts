/**
 * Tells when the machine may have changed: a device appeared or went, or a driver's program was installed or replaced.
 * The kernel wakes us only then; while nothing happens this costs nothing. Linux only: macOS and Windows are asked again
 * on waking and on request.
 */
import { watch } from 'node:fs';
import path from 'node:path';

export interface Watched {
  readonly folder: string;
  /** Which names in it matter. */
  readonly names: RegExp;
}

const tools = /^(?:nvidia-smi|amd-smi|rocm-smi|xpu-smi|docker|podman)$/;

/**
 * udev writes down each device that it is told of: PCI, displays (major 226), accelerators (261), NVIDIA's (195) and
 * /dev/kvm. /dev itself is not watched: on older kernels each write to /dev/null wakes whoever does.
 */
export function watchedOn(platform: NodeJS.Platform, searchPath: string): readonly Watched[] {
  if (platform !== 'linux') return [];
  const bins = new Set([...searchPath.split(path.delimiter), '/usr/bin', '/usr/local/bin', '/opt/rocm/bin']);
  return [
    { folder: '/run/udev/data', names: /^(?:\+(?:pci|drm|accel):|c(?:226|261|195):|c10:232$)/ },
    { folder: '/dev/dri', names: /./ },
    ...[...bins].filter((bin) => path.isAbsolute(bin)).map((folder) => ({ folder, names: tools })),
  ];
}

/** How long nothing may happen before it is told: a driver's update replaces many files. */
const quietMs = 5000;

/** Folders that are missing or cannot be watched are left out. The answer ends the watch. */
export function watchDevices(watched: readonly Watched[], changed: () => void, waitMs = quietMs): () => void {
  let timer: NodeJS.Timeout | null = null;
  const note = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(changed, waitMs);
    timer.unref();
  };
  const watchers = watched.flatMap(({ folder, names }) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (name !== null && names.test(name)) note();
      });
      watcher.on('error', () => {
        watcher.close();
      });
      return [watcher];
    } catch {
      return [];
    }
  });
  return () => {
    if (timer !== null) clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
