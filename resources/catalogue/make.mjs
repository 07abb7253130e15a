// Makes the two files that detection loads from the tables beside this script:
//
//   node resources/catalogue/make.mjs
//
// tables/gpus.json and tables/cpus.json are meant to be edited by hand (their `schema` explains each field); what
// is made from them is one model a line, with everything left out that detection does not ask for.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const table = (name) => JSON.parse(readFileSync(join(folder, 'tables', name), 'utf8'));

/**
 * Models that are sold in several forms under one entry: what the driver prints, by PCI id. Detection needs it
 * where no driver answers. Source: pci.ids and the product table of NVIDIA's open kernel modules.
 */
const spellings = {
  '10de:15f7': 'Tesla P100-PCIE-12GB',
  '10de:15f8': 'Tesla P100-PCIE-16GB',
  '10de:15f9': 'Tesla P100-SXM2-16GB',
  '10de:1db1': 'Tesla V100-SXM2-16GB',
  '10de:1db2': 'Tesla V100-DGXS-16GB',
  '10de:1db3': 'Tesla V100-FHHL-16GB',
  '10de:1db4': 'Tesla V100-PCIE-16GB',
  '10de:1db5': 'Tesla V100-SXM2-32GB',
  '10de:1db6': 'Tesla V100-PCIE-32GB',
  '10de:1db7': 'Tesla V100-DGXS-32GB',
  '10de:1db8': 'Tesla V100-SXM3-32GB',
  '10de:1df6': 'Tesla V100S-PCIE-32GB',
  '10de:20b0': 'A100-SXM4-40GB',
  '10de:20b2': 'A100-SXM4-80GB',
  '10de:20b3': 'A100-SXM-64GB',
  '10de:20b5': 'A100 80GB PCIe',
  '10de:20f1': 'A100-PCIE-40GB',
  '10de:20f3': 'A800-SXM4-80GB',
  '10de:20f5': 'A800 80GB PCIe',
  '10de:2322': 'H800 PCIe',
  '10de:2330': 'H100 80GB HBM3',
  '10de:2331': 'H100 PCIe',
};

/** The same as `normaliseName` of src-main/core/catalogue.ts; a test compares them. */
function normalise(name) {
  return name
    .toLowerCase()
    .replace(/\((?:r|tm|c)\)|[®™©]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:nvidia|amd|ati|intel|apple|qualcomm) /, '');
}

const { gpus } = table('gpus.json');
const gpuRows = gpus.map((gpu) => [
  gpu.vendor,
  gpu.model,
  [...new Set(gpu.aliases.map(normalise))].filter((name) => name !== normalise(gpu.model)).join('|'),
  gpu.pciIds.map((id) => id.slice(5)).join(' '),
  (gpu.amdgpuIds ?? []).join(' '),
  gpu.architecture,
  gpu.segment,
  gpu.memoryMiB,
  gpu.memoryKind,
  gpu.memoryBandwidthGBs ?? null,
  gpu.computeCapability ?? gpu.gfxTarget ?? null,
]);

const { models } = table('cpus.json');
const cpuRows = models.map((cpu) => [
  cpu.vendor,
  cpu.model,
  cpu.microarchitecture,
  cpu.cores,
  cpu.threads,
  cpu.performanceCores ?? null,
  cpu.efficiencyCores ?? null,
]);

const lines = (rows) => `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]`;
const gpuColumns =
  'vendor model names ids revisions architecture segment memoryMiB memoryKind bandwidthGBs target';
const cpuColumns = 'vendor model microarchitecture cores threads performanceCores efficiencyCores';
writeFileSync(
  join(folder, 'gpus.json'),
  `{"columns":${JSON.stringify(gpuColumns)},\n"spellings":${JSON.stringify(spellings)},\n"rows":${lines(gpuRows)}}\n`,
);
writeFileSync(
  join(folder, 'cpus.json'),
  `{"columns":${JSON.stringify(cpuColumns)},\n"rows":${lines(cpuRows)}}\n`,
);
