// Makes the two files that detection loads from the tables beside this script:
//
//   node resources/catalogue/make.mjs
//
// tables/{gpus,cpus,spellings}.json are meant to be edited by hand (their `schema` explains each field); what is made
// from them is one model a line, with everything left out that detection does not ask for.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const table = (name) => JSON.parse(readFileSync(join(folder, 'tables', name), 'utf8'));

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
const { spellings } = table('spellings.json');
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
