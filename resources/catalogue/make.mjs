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
  [...new Set([gpu.model, ...gpu.aliases].map(normalise))].join('|'),
  gpu.pciIds.map((id) => id.slice(5)).join(' '),
  (gpu.amdgpuIds ?? []).join(' '),
  gpu.architecture,
  gpu.segment,
  gpu.memoryMiB.join(' '),
  gpu.memoryKind,
  gpu.memoryBandwidthGBs ?? '',
  gpu.computeCapability ?? gpu.gfxTarget ?? '',
]);

const { models } = table('cpus.json');
const cpuRows = models.map((cpu) => [
  cpu.vendor,
  cpu.model,
  cpu.microarchitecture,
  cpu.cores,
  cpu.threads,
  cpu.performanceCores ?? '',
  cpu.efficiencyCores ?? '',
]);

// One text is read ten times as fast as a literal of as many lists.
function write(file, columns, name, rows, more = '') {
  const lines = rows.map((row) => row.join('\t'));
  const odd = lines.find((line, i) => /[`\\$\n]/.test(line) || line.split('\t').length !== rows[i].length);
  if (odd !== undefined) throw new Error(`cannot be written: ${odd}`);
  writeFileSync(
    join(folder, file),
    `// Made by make.mjs from the tables: do not edit.\n// ${columns}\nexport const ${name} = \`${lines.join('\n')}\`;\n${more}`,
  );
}

const spelled = Object.entries(spellings).map(([id, name]) => `  '${id}': '${name}',\n`);
write(
  'gpus.ts',
  'vendor, model, names to compare with, ids, revisions, architecture, segment, sizes in MiB, kind of memory, GB/s, target',
  'gpus',
  gpuRows,
  `\nexport const spellings: Readonly<Record<string, string>> = {\n${spelled.join('')}};\n`,
);
write(
  'cpus.ts',
  'vendor, model, microarchitecture, cores, threads, performance cores, efficiency cores',
  'cpus',
  cpuRows,
);
