/**
 * Machines like those of the captures, with other models, drivers, failures and limits: each a small recording and
 * what must come out of it, named as the captures name it.
 */
import { describe, expect, test } from 'vitest';
import type { HostProfile } from '../../contract/host.ts';
import { gpus as catalogued } from '../../../resources/catalogue/gpus.ts';
import { parseCapture } from './capture.ts';
import { compareFacts } from './capture-facts.test-kit.ts';
import { nameCpu } from './cpu-name.ts';
import { detect } from './detect.ts';
import { replayDoor } from './replay-door.ts';
import { badOutput } from './bad-output.test-kit.ts';
import { brands } from './brands.test-kit.ts';
import type { Recording } from './variant.test-kit.ts';
import { variants } from './variants.test-kit.ts';

/** A recording lists the directories that it holds files of. */
function dirsOf(files: NonNullable<Recording['files']>): Readonly<Record<string, readonly string[]>> {
  const dirs: Record<string, string[]> = {};
  for (const path of Object.keys(files)) {
    const parts = path.split('/');
    for (let depth = 2; depth < parts.length; depth++) {
      const names = (dirs[parts.slice(0, depth).join('/')] ??= []);
      const name = parts[depth] ?? '';
      if (!names.includes(name)) names.push(name);
    }
  }
  return dirs;
}

async function replay(recording: Recording): Promise<HostProfile> {
  const dirs = dirsOf(recording.files ?? {});
  const capture = { schema: 1, platform: 'linux', arch: 'x64', dirs, ...recording };
  return detect(replayDoor(parseCapture(JSON.stringify(capture), 'variant.json')), {
    reserve: { cpu: 20, memory: 15 },
    engines: { dockerElsewhere: false, runtimeFolder: null, homeFolder: null },
    monotonic: () => 0,
  });
}

test.each([...variants, ...badOutput])('$what', async ({ recording, expected }) => {
  expect(compareFacts(await replay(recording), expected).wrong).toEqual([]);
});

test.each(brands)('the processor %s', (brand, vendor, model) => {
  expect(nameCpu(brand)).toEqual({ vendor, model });
});

interface Row {
  readonly vendor: string;
  readonly model: string;
  readonly ids: readonly string[];
  readonly revisions: readonly string[];
  readonly architecture: string;
  readonly sizes: readonly number[];
  readonly kind: string;
  readonly target: string;
}

const rows = catalogued.split('\n').map((line): Row => {
  const [vendor = '', model = '', , ids = '', revisions = '', architecture = '', ...rest] = line.split('\t');
  const [, sizes = '', kind = '', , target = ''] = rest;
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  return {
    ...{ vendor, model, ids: words(ids), revisions: words(revisions), kind, target },
    architecture: architecture === 'CDNA 1' ? 'CDNA' : architecture,
    sizes: words(sizes).map(Number),
  };
});

/** What a driver reports of a card that was sold with this much. */
const reported = (soldMiB: number): number => Math.floor(soldMiB * 0.975);

describe('every model of the catalogue', () => {
  test.each(rows.filter((row) => row.vendor === 'NVIDIA'))('NVIDIA $model by nvidia-smi', async (row) => {
    for (const id of row.ids.length > 0 ? row.ids : ['0000']) {
      const [size] = row.sizes;
      const total = row.kind === 'dedicated' && size !== undefined ? `${reported(size)} MiB` : 'N/A';
      const stdout = `<nvidia_smi_log><driver_version>595.80</driver_version><cuda_version>13.1</cuda_version>
        <gpu id="00000000:01:00.0"><product_name>NVIDIA ${row.model}</product_name><uuid>GPU-1</uuid>
        <pci><pci_device_id>${id.toUpperCase()}10DE</pci_device_id></pci>
        <fb_memory_usage><total>${total}</total></fb_memory_usage></gpu></nvidia_smi_log>`;
      const { gpus } = await replay({ commands: { 'nvidia-smi -q -x': { stdout, code: 0 } } });
      expect(gpus).toMatchObject([
        {
          model: row.model,
          architecture: row.architecture,
          memoryKind: row.kind,
          computeCapability: row.target,
          driver: '595.80',
          ready: true,
        },
      ]);
    }
  });

  test.each(rows.filter((row) => row.vendor === 'AMD'))('AMD $model on the bus', async (row) => {
    for (const id of row.ids) {
      const revision = row.revisions.find((one) => one.startsWith(id))?.slice(5) ?? 'ff';
      const folder = '/sys/bus/pci/devices/0000:03:00.0';
      const { gpus } = await replay({
        files: {
          [`${folder}/class`]: '0x030000\n',
          [`${folder}/vendor`]: '0x1002\n',
          [`${folder}/device`]: `0x${id}\n`,
          [`${folder}/revision`]: `0x${revision}\n`,
        },
      });
      const facts = { pciId: `1002:${id}`, memoryKind: row.kind, gfxTarget: row.target, memoryMiB: null };
      expect(gpus).toMatchObject([{ ...facts, architecture: row.architecture, ready: false }]);
    }
  });

  test.each(rows.filter((row) => row.vendor === 'Intel'))('Intel $model by xpu-smi', async (row) => {
    for (const id of row.ids) {
      const device = { device_id: 0, device_name: `Intel(R) ${row.model}`, pci_device_id: `0x${id}` };
      const bytes = (row.sizes[0] ?? 0) * 2 ** 20;
      const { gpus } = await replay({
        commands: {
          'xpu-smi discovery -j': { stdout: JSON.stringify({ device_list: [device] }), code: 0 },
          'xpu-smi discovery -d 0 -j': {
            stdout: JSON.stringify({ device_id: 0, memory_physical_size_byte: `${bytes}` }),
            code: 0,
          },
        },
      });
      const memoryMiB = row.sizes[0] ?? null;
      expect(gpus).toMatchObject([
        { pciId: `8086:${id}`, memoryKind: row.kind, architecture: row.architecture, memoryMiB, ready: true },
      ]);
    }
  });
});
