import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, test } from 'vitest';
import { cpus } from '../../../../resources/catalogue/cpus.ts';
import { gpus } from '../../../../resources/catalogue/gpus.ts';
import type { CardFacts } from '../../../core/catalogue.ts';
import { normaliseName } from '../../../core/gpu-names.ts';
import { loadCatalogue } from './load.ts';
import { findProcessor } from './processors.ts';

const folder = join(import.meta.dirname, '../../../../resources/catalogue');
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, 'tables', name), 'utf8'));

interface Entry {
  readonly vendor: string;
  readonly model: string;
}
interface TableGpu extends Entry {
  readonly aliases: readonly string[];
  readonly pciIds: readonly string[];
  readonly amdgpuIds?: readonly string[];
  readonly memoryMiB: readonly number[];
}
interface Tables {
  readonly gpus: readonly TableGpu[];
  readonly sharedPciIds: Readonly<Record<string, readonly string[]>>;
  readonly sharedAliases: readonly {
    readonly vendor: string;
    readonly alias: string;
    readonly models: readonly string[];
  }[];
}
const tables = read('gpus.json') as Tables;
const catalogue = await loadCatalogue();
const card = (facts: Partial<CardFacts>): CardFacts => ({
  ...{ vendor: 'NVIDIA', pciId: null, revision: null, name: null, memoryMiB: null },
  ...facts,
});
const models = (facts: Partial<CardFacts>) => catalogue.match(card(facts)).map(({ model }) => model);

const rowsOf = (table: string) => table.split('\n').map((line) => line.split('\t'));

const ownModel = {
  ...{ vendor: 'NVIDIA', model: 'Prototype 1', names: ['prototype 1'], pciIds: ['10de:ffff'], revisions: [] },
  ...{ architecture: 'Next', segment: null, memoryMiB: [65_536], memoryKind: 'dedicated' as const },
  ...{ bandwidthGBs: null, computeCapability: '13.0', gfxTarget: null },
};

const scratch = mkdtempSync(join(tmpdir(), 'catalogue-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test('what is loaded is what the script makes from the tables', () => {
  cpSync(folder, scratch, { recursive: true });
  execFileSync(process.execPath, [join(scratch, 'make.mjs')]);
  for (const file of ['gpus.ts', 'cpus.ts'])
    expect(readFileSync(join(scratch, file), 'utf8') === readFileSync(join(folder, file), 'utf8')).toBe(true);
});

test('every model is there once', () => {
  for (const table of [gpus, cpus]) {
    const names = rowsOf(table).map(([vendor, model]) => `${vendor ?? ''} ${normaliseName(model ?? '')}`);
    expect(new Set(names).size).toBe(names.length);
  }
  expect([rowsOf(gpus).length, rowsOf(cpus).length]).toEqual([601, 785]);
});

test('a PCI id leads to its models, to several only where the tables say so', () => {
  for (const gpu of tables.gpus)
    for (const pciId of gpu.pciIds) {
      const found = models({ vendor: gpu.vendor, pciId });
      expect(found).toContain(gpu.model);
      if (found.length > 1) expect([...found].sort()).toEqual([...(tables.sharedPciIds[pciId] ?? [])].sort());
    }
});

test('a spelling leads to its model alone, to several only where the tables say so', () => {
  const shared = new Set(
    tables.sharedAliases.map(({ vendor, alias }) => `${vendor} ${normaliseName(alias)}`),
  );
  for (const gpu of tables.gpus)
    for (const name of gpu.aliases) {
      const found = models({ vendor: gpu.vendor, name });
      expect(found, name).toContain(gpu.model);
      if (found.length > 1) expect(shared.has(`${gpu.vendor} ${normaliseName(name)}`), name).toBe(true);
    }
});

test('a revision of AMD tells apart what shares an id', () => {
  for (const gpu of tables.gpus)
    for (const id of gpu.amdgpuIds ?? []) {
      const [device = '', revision = ''] = id.split(':');
      const found = models({ vendor: 'AMD', pciId: `1002:${device}`, revision });
      expect(found, id).toContain(gpu.model);
    }
  expect(models({ vendor: 'AMD', pciId: '1002:744c', revision: 'c8' })).toEqual(['Radeon RX 7900 XTX']);
  expect(models({ vendor: 'AMD', pciId: '1002:744c', revision: 'cc' })).toEqual(['Radeon RX 7900 XT']);
});

test.each([
  ['NVIDIA A10', ['A10']],
  ['NVIDIA A100-SXM4-40GB', ['A100']],
  ['NVIDIA A100-SXM4-80GB-CUSTOM', []],
  ['NVIDIA L4', ['L4']],
  ['NVIDIA L40', ['L40']],
  ['NVIDIA L40S', ['L40S']],
  ['Tesla V100-SXM2-16GB', ['Tesla V100']],
  ['NVIDIA T400', ['T400']],
  ['NVIDIA GeForce RTX 4070 Ti SUPER', ['GeForce RTX 4070 Ti SUPER']],
  ['NVIDIA GeForce RTX 4070 Ti', ['GeForce RTX 4070 Ti']],
  ['NVIDIA GeForce RTX 4070 Quantum', []],
  ['NVIDIA H100 80GB HBM3', ['H100']],
  ['NVIDIA H100 NVL', ['H100 NVL']],
  ['NVIDIA GeForce RTX 3060 (12 GB)', ['GeForce RTX 3060']],
])('%s is %j, never a part of another name', (name, expected) => {
  expect(models({ name })).toEqual(expected);
});

test('where id and name disagree the name of one model wins; memory tells sizes apart', () => {
  expect(models({ pciId: '10de:249c', name: 'NVIDIA GeForce RTX 3060 Laptop GPU' })).toEqual([
    'GeForce RTX 3060 Laptop GPU',
  ]);
  expect(models({ pciId: '10de:1e30' })).toHaveLength(2);
  expect(models({ pciId: '10de:1e30', memoryMiB: 45_556 })).toEqual(['Quadro RTX 8000']);
  expect(models({ vendor: 'AMD', name: 'NVIDIA A10' })).toEqual([]);
});

test("the predecessor's 99 processors and 112 graphics cards are all there", () => {
  interface Predecessor {
    readonly cpus: readonly { readonly entry: Entry }[];
    readonly gpus: readonly { readonly entry: Entry }[];
  }
  const predecessor = read('predecessor.json') as Predecessor;
  expect([predecessor.cpus.length, predecessor.gpus.length]).toEqual([99, 112]);
  const known = (table: string) => new Set(rowsOf(table).map(([v, m]) => `${v ?? ''} ${m ?? ''}`));
  const [cpuNames, gpuNames] = [known(cpus), known(gpus)];
  for (const { entry } of predecessor.cpus) expect(cpuNames).toContain(`${entry.vendor} ${entry.model}`);
  for (const { entry } of predecessor.gpus) expect(gpuNames).toContain(`${entry.vendor} ${entry.model}`);
});

test("the owner's models stand beside ours and replace those of the same name", async () => {
  const own = ownModel;
  const more = await loadCatalogue([own]);
  expect(more.match(card({ pciId: '10de:ffff' }))).toEqual([own]);
  expect(more.match(card({ name: 'NVIDIA Prototype 1' }))).toEqual([own]);
  expect(more.match(card({ name: 'NVIDIA A10' }))).toHaveLength(1);
});

test.each([
  ['Intel', 'Core i9-13900K', { microarchitecture: 'Raptor Lake', performanceCores: 8, efficiencyCores: 16 }],
  ['Intel', 'N100', { microarchitecture: 'Alder Lake', cores: 4 }],
  ['Intel', 'Core i5-12400', { microarchitecture: 'Alder Lake', efficiencyCores: null }],
  ['AMD', 'Ryzen Threadripper 1950X', { microarchitecture: 'Zen', cores: 16 }],
  ['Intel', 'Xeon E5-2695 v2', { microarchitecture: 'Ivy Bridge' }],
])('%s %s is in the table', async (vendor, model, known) => {
  expect(await findProcessor(vendor, model)).toMatchObject(known);
});

test('a processor is found by its whole name alone', async () => {
  expect(await findProcessor('Intel', 'Core i9-1390')).toBeNull();
  expect(await findProcessor('AMD', 'Core i9-13900K')).toBeNull();
});

test('the catalogue takes 4 MiB at most', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = await Promise.all(Array.from({ length: 8 }, () => loadCatalogue([ownModel])));
  collect();
  const each = (process.memoryUsage().heapUsed - before) / kept.length;
  expect(each).toBeLessThan(4 * 2 ** 20);
  // What measures nothing would pass too.
  expect(each).toBeGreaterThan(2 ** 16);
});

test('the catalogue is made in 15 ms', async () => {
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    const begun = performance.now();
    await loadCatalogue([ownModel]);
    times.push(performance.now() - begun);
  }
  expect(Math.min(...times)).toBeLessThan(15);
});
