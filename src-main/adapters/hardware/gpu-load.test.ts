import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gpu } from '../../core/host.test-kit.ts';
import { openGpus, parseNvidiaLoad } from './gpu-load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gpu-load-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['00000000:01:00.0, GPU-other, 97, 17612', { index: 0, busy: 97, memoryMiB: 17_612 }],
  ['[N/A], GPU-1, 0, 4', { index: 0, busy: 0, memoryMiB: 4 }],
  ['00000000:01:00.0, GPU-1, [N/A], [Not Supported]', { index: 0, busy: null, memoryMiB: null }],
  ['00000000:02:00.0, GPU-2, 5, 5', null],
  ['00000000:01:00.0, GPU-1, 9999, 1', { index: 0, busy: null, memoryMiB: 1 }],
  ['Unable to determine the device handle', null],
  ['', null],
])('%s', (line, load) => {
  expect(parseNvidiaLoad(line, [gpu()])).toEqual(load);
});

test.skipIf(process.platform === 'win32')('nvidia-smi prints until the meter is closed', async () => {
  const nvidiaSmi = join(folder, 'nvidia-smi');
  const pid = join(folder, 'pid');
  writeFileSync(
    nvidiaSmi,
    `#!/bin/sh\necho $$ > ${pid}\nwhile :; do echo "00000000:01:00.0, GPU-1, 42, 1000"; sleep 0.1; done\n`,
  );
  chmodSync(nvidiaSmi, 0o755);
  const meter = openGpus([gpu(), gpu({ index: 1, vendor: 'Intel' })], 500, { nvidiaSmi, bus: folder });
  await vi.waitFor(
    () => {
      expect(meter.read()).toEqual([{ index: 0, busy: 42, memoryMiB: 1000 }]);
    },
    { timeout: 5000 },
  );
  meter.close();
  await vi.waitFor(
    () => {
      expect(meter.read()).toEqual([]);
    },
    { timeout: 5000 },
  );
});

test('a tool that is missing, or a card that is not ready, tells nothing', async () => {
  const missing = { nvidiaSmi: join(folder, 'missing'), bus: folder };
  const meter = openGpus([gpu()], 500, missing);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(meter.read()).toEqual([]);
  meter.close();
  expect(openGpus([gpu({ ready: false })], 500, missing).read()).toEqual([]);
});

test("AMD's cards by the kernel's files", () => {
  const card = gpu({ vendor: 'AMD', address: '0000:03:00.0' });
  mkdirSync(join(folder, '0000:03:00.0'));
  const write = (file: string, text: string): void => {
    writeFileSync(join(folder, '0000:03:00.0', file), text);
  };
  const meter = openGpus([card], 500, { nvidiaSmi: 'none', bus: folder });
  expect(meter.read()).toEqual([{ index: 0, busy: null, memoryMiB: null }]);
  write('gpu_busy_percent', '37\n');
  write('mem_info_vram_used', `${3 * 2 ** 30}\n`);
  expect(meter.read()).toEqual([{ index: 0, busy: 37, memoryMiB: 3072 }]);
  meter.close();
});
