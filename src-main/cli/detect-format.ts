/** The host profile for people: a table, and the few lines that greet on the first start. */
import type { Capability, Cpu, Gpu, HostProfile, Os } from '../contract/host.ts';
import { gpuName } from '../core/accelerators.ts';
import { coresText, memoryText } from '../core/sizes.ts';

const systems: Readonly<Record<Os, string>> = { linux: 'Linux', macos: 'macOS', windows: 'Windows' };

/** "Ryzen 9 5950X", "AMD EPYC (Zen 3)" where the model alone says little, "unknown processor". */
function processorName(cpu: Cpu): string {
  const { vendor, model, microarchitecture } = cpu;
  const name = model ?? microarchitecture;
  if (name === null) return vendor === null ? 'unknown processor' : `${vendor} processor`;
  const known =
    vendor === null || /^(?:Ryzen|EPYC \d|Core|Xeon [\w ]*\d)/.test(name) ? name : `${vendor} ${name}`;
  // A family without a number says little; its generation says more.
  const generation = model !== null && !/\d/.test(model) && microarchitecture !== null;
  return generation ? `${known} (${microarchitecture})` : known;
}

function coreCount(cpu: Cpu): string {
  if (cpu.threads === 0) return 'number of cores unknown';
  const threads = `${cpu.threads} ${cpu.threads === 1 ? 'thread' : 'threads'}`;
  if (cpu.cores === null) return threads;
  return cpu.cores === cpu.threads ? coresText(cpu.cores) : `${coresText(cpu.cores)}, ${threads}`;
}

function memory(profile: HostProfile): string {
  return profile.memoryMiB === 0 ? 'memory unknown' : memoryText(profile.memoryMiB);
}

function system(profile: HostProfile): string {
  return `${systems[profile.os]} ${profile.arch}`;
}

const kinds: Readonly<Record<Capability['id'], string>> = {
  build: 'builds and tests',
  'build-emulated': 'emulated builds',
  container: 'jobs in containers',
  vm: 'jobs in virtual machines',
  inference: 'inference',
  training: 'training',
};

/** Three to six lines: what this machine is, what it is good for, what is missing for more, how jobs reach it. */
export function greeting(profile: HostProfile): string {
  const ready = profile.capabilities.filter((c) => c.ready);
  const lacking = profile.capabilities.filter((c) => !c.ready && c.missing !== null);
  const note = profile.sizes.standard?.note ?? null;
  return [
    `This machine: ${processorName(profile.cpu)}, ${coreCount(profile.cpu)}, ${memory(profile)}, ${system(profile)}.`,
    `Good for: ${ready.length === 0 ? 'nothing yet' : ready.map(goodFor).join('; ')}.`,
    ...lacking.slice(0, 2).map((c) => `Not ready: ${nameOf(c, profile)}. ${sentence(c.missing ?? '')}`),
    ...(note === null ? [] : [note]),
    `Jobs reach it by the labels ${profile.labels.join(', ')}.`,
  ].join('\n');
}

function goodFor(capability: Capability): string {
  return `${kinds[capability.id]} (${capability.limit})`;
}

function nameOf(capability: Capability, profile: HostProfile): string {
  return `${kinds[capability.id]}${capability.arch === profile.arch ? '' : ` for ${capability.arch}`}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

type Row = readonly [name: string, text: string];

/**
 * The whole profile as a table of two columns; `verbose` adds what only a bug report needs. `columns` is the width of
 * the terminal; without one lines are as long as they are.
 */
export function detectTable(profile: HostProfile, verbose = false, columns = Infinity): string {
  const rows: readonly Row[] = [
    ...machineRows(profile),
    ...capabilityRows(profile),
    ...sizeRows(profile),
    ['Labels', profile.labels.join(', ')],
    ...profile.gaps.map(({ probe, problem }): Row => [
      'Unknown',
      `${probe}: ${problem.message} ${problem.hint}`,
    ]),
    ...(verbose ? verboseRows(profile) : []),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows
    .flatMap(([name, text], i) =>
      wrapped(text, Math.max(columns - width, 20)).map(
        (line, at) => `${(at > 0 || rows[i - 1]?.[0] === name ? '' : name).padEnd(width)}${line}`,
      ),
    )
    .join('\n');
}

/** At spaces, and never inside of a word, so that a command can be copied whole where it fits. */
function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function machineRows(profile: HostProfile): readonly Row[] {
  const { cpu, virtualization, power, disks, engines, emulation } = profile;
  const guest = virtualization.guest === null ? '' : `, guest (${virtualization.guest})`;
  const battery = power.battery;
  return [
    ['System', `${system(profile)}${guest}`],
    ['Processor', processorRow(cpu)],
    ['Memory', memory(profile)],
    ...graphicsRows(profile.gpus),
    ...profile.npus.map(({ model }): Row => ['Neural', model]),
    ...disks.map((disk): Row => ['Disk', diskText(disk)]),
    ...(battery === null ? [] : [['Battery', batteryText(battery)] as const]),
    ...engines.map((engine): Row => {
      const state = engine.running ? (engine.rootless === true ? 'rootless' : 'ready') : 'does not answer';
      return ['Engine', `${engine.id} ${engine.version ?? ''}`.trim() + `: ${engine.problem?.hint ?? state}`];
    }),
    ...emulation.map((e): Row => {
      const state = e.proof === null ? 'there, not proved by a run yet' : 'ready';
      return ['Emulation', `${e.arch} by ${e.method}: ${e.ready ? state : (e.problem?.hint ?? 'not ready')}`];
    }),
  ];
}

/** Cards that are the same share a line. */
function graphicsRows(gpus: readonly Gpu[]): readonly Row[] {
  if (gpus.length === 0) return [['Graphics', 'none that computes']];
  const texts = gpus.map(graphicsText);
  return [...new Set(texts)].map((text): Row => {
    const count = texts.filter((other) => other === text).length;
    return ['Graphics', count === 1 ? text : `${count} x ${text}`];
  });
}

function graphicsText(gpu: Gpu): string {
  const api =
    gpu.api === null ? null : `${gpu.api.name}${gpu.api.version === null ? '' : ` ${gpu.api.version}`}`;
  const driver = gpu.driver === null ? null : `driver ${gpu.driver}`;
  const slices = gpu.slices.length === 0 ? null : `${gpu.slices.length} slices (${sliceNames(gpu)})`;
  const what = [gpuName(gpu), graphicsMemory(gpu), slices, ...(gpu.ready ? [driver, api] : [])];
  const text = what.filter((part) => part !== null).join(', ');
  return gpu.ready ? text : `${text}: ${gpu.problem?.message.replace(/\.$/, '') ?? 'not ready'}`;
}

function sliceNames(gpu: Gpu): string {
  return [...new Set(gpu.slices.map((slice) => slice.profile))].join(', ');
}

/** "24 GiB", "92 of 122 GiB unified memory"; of a card without its driver what it was sold with. */
function graphicsMemory(gpu: Gpu): string | null {
  const { memoryKind, memoryMiB, usableMiB, soldMiB } = gpu;
  if (memoryKind === 'unified' || memoryKind === 'shared')
    return usableMiB === null
      ? `${memoryKind} memory`
      : `up to ${memoryText(usableMiB)} of ${memoryKind} memory`;
  const size = memoryMiB ?? soldMiB;
  return size === null ? null : memoryText(size);
}

function processorRow(cpu: Cpu): string {
  const kindsOfCore =
    cpu.performanceCores === null || cpu.efficiencyCores === null
      ? ''
      : ` (${cpu.performanceCores} performance, ${cpu.efficiencyCores} efficiency)`;
  return `${processorName(cpu)}: ${coreCount(cpu)}${kindsOfCore}`;
}

function diskText(disk: HostProfile['disks'][number]): string {
  const kind = disk.kind === null ? '' : `, ${disk.kind.toUpperCase()}`;
  return `${disk.path}: ${memoryText(disk.freeMiB)} free of ${memoryText(disk.totalMiB)}${kind}`;
}

function batteryText(battery: NonNullable<HostProfile['power']['battery']>): string {
  const level = battery.percent === null ? '' : `${battery.percent} %, `;
  return `${level}${battery.charging ? 'on mains' : 'discharging'}`;
}

function capabilityRows(profile: HostProfile): readonly Row[] {
  return profile.capabilities.map((c): Row => {
    const what = `${nameOf(c, profile)}: ${c.limit} [${c.tier}]`;
    return c.ready ? ['Good for', what] : ['Not ready', `${what}: ${c.missing ?? ''}`];
  });
}

function sizeRows(profile: HostProfile): readonly Row[] {
  return Object.entries(profile.sizes).flatMap(([size, offer]): Row[] => {
    if (offer === null) return [];
    const card = offer.gpus === undefined ? '' : offer.gpus === 1 ? ', 1 card' : `, ${offer.gpus} cards`;
    const one = `${coresText(offer.cores)}, ${memoryText(offer.memoryMiB)}${card}`;
    const note = offer.note === null ? '' : ' (smaller than the size)';
    return [['Sizes', `${size}: ${offer.runners} x ${one}${note}`]];
  });
}

function verboseRows(profile: HostProfile): readonly Row[] {
  const { cpu } = profile;
  return [
    ['Features', cpu.features.join(' ') || 'unknown'],
    ['Generation', cpu.microarchitecture ?? 'unknown'],
    ['Packages', cpu.packages === null ? 'unknown' : `${cpu.packages}`],
    ...cpu.topology.map((t): Row => [
      'CPUs',
      `${t.cpu}: core ${t.core}, package ${t.package}, node ${t.node}${t.kind === null ? '' : `, ${t.kind}`}`,
    ]),
    ['Evidence', profile.capabilities.map((c) => c.why).join(' ')],
    ...profile.gpus.map((gpu): Row => ['Cards', cardText(gpu)]),
    ...profile.probes.map(({ probe, tookMs }): Row => ['Probes', `${probe}: ${tookMs} ms`]),
    ['Took', `${profile.tookMs} ms`],
  ];
}

/** What tells a card from others of its kind. */
function cardText(gpu: Gpu): string {
  const parts = [
    `${gpu.index}: ${gpuName(gpu)}`,
    gpu.architecture,
    gpu.pciId,
    gpu.address,
    gpu.computeCapability === null ? null : `compute capability ${gpu.computeCapability}`,
    gpu.gfxTarget,
    gpu.uuid,
    ...gpu.slices.map((slice) => `${slice.profile} ${slice.id}`),
  ];
  return parts.filter((part) => part !== null).join(', ');
}
