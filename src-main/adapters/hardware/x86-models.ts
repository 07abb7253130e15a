/** The microarchitecture of x86 processors, by the numbers that CPUID gives. Sources: the Linux kernel's intel-family.h and its AMD Zen ranges. */

interface Model {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  /** Where generations share a model number. */
  readonly steppings?: readonly [number, number];
}

const model = (from: number, to: number, name: string, steppings?: readonly [number, number]): Model =>
  steppings === undefined ? { from, to, name } : { from, to, name, steppings };

/** By vendor and family. */
const families: Readonly<Record<string, readonly Model[]>> = {
  'GenuineIntel 6': [
    model(0x0f, 0x0f, 'Core'),
    model(0x16, 0x16, 'Core'),
    model(0x17, 0x17, 'Penryn'),
    model(0x1a, 0x1a, 'Nehalem'),
    model(0x1c, 0x1c, 'Bonnell'),
    model(0x1d, 0x1d, 'Penryn'),
    model(0x1e, 0x1f, 'Nehalem'),
    model(0x25, 0x25, 'Westmere'),
    model(0x26, 0x26, 'Bonnell'),
    model(0x27, 0x27, 'Saltwell'),
    model(0x2a, 0x2a, 'Sandy Bridge'),
    model(0x2c, 0x2c, 'Westmere'),
    model(0x2d, 0x2d, 'Sandy Bridge'),
    model(0x2e, 0x2e, 'Nehalem'),
    model(0x2f, 0x2f, 'Westmere'),
    model(0x35, 0x36, 'Saltwell'),
    model(0x37, 0x37, 'Silvermont'),
    model(0x3a, 0x3a, 'Ivy Bridge'),
    model(0x3c, 0x3c, 'Haswell'),
    model(0x3d, 0x3d, 'Broadwell'),
    model(0x3e, 0x3e, 'Ivy Bridge'),
    model(0x3f, 0x3f, 'Haswell'),
    model(0x45, 0x46, 'Haswell'),
    model(0x47, 0x47, 'Broadwell'),
    model(0x4a, 0x4a, 'Silvermont'),
    model(0x4c, 0x4c, 'Airmont'),
    model(0x4d, 0x4d, 'Silvermont'),
    model(0x4e, 0x4e, 'Skylake'),
    model(0x4f, 0x4f, 'Broadwell'),
    model(0x55, 0x55, 'Skylake', [0, 4]),
    model(0x55, 0x55, 'Cascade Lake', [5, 7]),
    model(0x55, 0x55, 'Cooper Lake', [8, 11]),
    model(0x56, 0x56, 'Broadwell'),
    model(0x57, 0x57, 'Knights Landing'),
    model(0x5a, 0x5a, 'Airmont'),
    model(0x5c, 0x5c, 'Goldmont'),
    model(0x5e, 0x5e, 'Skylake'),
    model(0x5f, 0x5f, 'Goldmont'),
    model(0x66, 0x66, 'Cannon Lake'),
    model(0x6a, 0x6a, 'Ice Lake'),
    model(0x6c, 0x6c, 'Ice Lake'),
    model(0x75, 0x75, 'Airmont'),
    model(0x7a, 0x7a, 'Goldmont Plus'),
    model(0x7d, 0x7e, 'Ice Lake'),
    model(0x85, 0x85, 'Knights Mill'),
    model(0x86, 0x86, 'Tremont'),
    model(0x8a, 0x8a, 'Lakefield'),
    model(0x8c, 0x8d, 'Tiger Lake'),
    model(0x8e, 0x8e, 'Kaby Lake', [0, 10]),
    model(0x8e, 0x8e, 'Whiskey Lake', [11, 12]),
    model(0x8f, 0x8f, 'Sapphire Rapids'),
    model(0x96, 0x96, 'Tremont'),
    model(0x97, 0x97, 'Alder Lake'),
    model(0x9a, 0x9a, 'Alder Lake'),
    model(0x9c, 0x9c, 'Tremont'),
    model(0x9d, 0x9d, 'Ice Lake'),
    model(0x9e, 0x9e, 'Kaby Lake', [0, 9]),
    model(0x9e, 0x9e, 'Coffee Lake', [10, 13]),
    model(0xa5, 0xa6, 'Comet Lake'),
    model(0xa7, 0xa7, 'Rocket Lake'),
    model(0xaa, 0xaa, 'Meteor Lake'),
    model(0xac, 0xac, 'Meteor Lake'),
    model(0xad, 0xae, 'Granite Rapids'),
    model(0xaf, 0xaf, 'Sierra Forest'),
    model(0xb5, 0xb5, 'Arrow Lake'),
    model(0xb6, 0xb6, 'Grand Ridge'),
    model(0xb7, 0xb7, 'Raptor Lake'),
    model(0xba, 0xba, 'Raptor Lake'),
    model(0xbd, 0xbd, 'Lunar Lake'),
    model(0xbe, 0xbe, 'Alder Lake'),
    model(0xbf, 0xbf, 'Raptor Lake'),
    model(0xc5, 0xc6, 'Arrow Lake'),
    model(0xcc, 0xcc, 'Panther Lake'),
    model(0xcf, 0xcf, 'Emerald Rapids'),
    model(0xd5, 0xd5, 'Wildcat Lake'),
    model(0xd7, 0xd7, 'Bartlett Lake'),
    model(0xdd, 0xdd, 'Clearwater Forest'),
  ],
  'GenuineIntel 18': [model(0x01, 0x01, 'Nova Lake'), model(0x03, 0x03, 'Nova Lake')],
  'GenuineIntel 19': [model(0x01, 0x01, 'Diamond Rapids')],
  'AuthenticAMD 16': [model(0x02, 0x0a, 'K10')],
  'AuthenticAMD 18': [model(0x00, 0xff, 'K10')],
  'AuthenticAMD 20': [model(0x00, 0xff, 'Bobcat')],
  'AuthenticAMD 21': [
    model(0x00, 0x01, 'Bulldozer'),
    model(0x02, 0x02, 'Piledriver'),
    model(0x10, 0x1f, 'Piledriver'),
    model(0x30, 0x3f, 'Steamroller'),
    model(0x60, 0x7f, 'Excavator'),
  ],
  'AuthenticAMD 22': [model(0x00, 0x0f, 'Jaguar'), model(0x30, 0x3f, 'Puma')],
  'AuthenticAMD 23': [
    model(0x00, 0x07, 'Zen'),
    model(0x08, 0x08, 'Zen+'),
    model(0x10, 0x17, 'Zen'),
    model(0x18, 0x18, 'Zen+'),
    model(0x20, 0x2f, 'Zen'),
    model(0x30, 0x4f, 'Zen 2'),
    model(0x50, 0x5f, 'Zen'),
    model(0x60, 0x7f, 'Zen 2'),
    model(0x90, 0xaf, 'Zen 2'),
  ],
  // Made under a licence of AMD's first Zen.
  'HygonGenuine 24': [model(0x00, 0x03, 'Zen')],
  'AuthenticAMD 25': [
    model(0x00, 0x0f, 'Zen 3'),
    model(0x10, 0x1f, 'Zen 4'),
    model(0x20, 0x3f, 'Zen 3'),
    model(0x40, 0x4f, 'Zen 3+'),
    model(0x50, 0x5f, 'Zen 3'),
    model(0x60, 0x9f, 'Zen 4'),
    model(0xa0, 0xaf, 'Zen 4c'),
  ],
  'AuthenticAMD 26': [
    model(0x00, 0x0f, 'Zen 5'),
    model(0x10, 0x1f, 'Zen 5c'),
    model(0x20, 0x2f, 'Zen 5'),
    model(0x40, 0x4f, 'Zen 5'),
    model(0x50, 0x5f, 'Zen 6'),
    model(0x60, 0x7f, 'Zen 5'),
    model(0x80, 0xaf, 'Zen 6'),
    model(0xc0, 0xef, 'Zen 6'),
  ],
};

/** Null where the numbers are unknown: hypervisors also make them up. */
export function microarchitectureOf(cpu: {
  readonly vendorId: string;
  readonly family: number;
  readonly model: number;
  readonly stepping: number | null;
  /** The brand string. */
  readonly name: string;
}): string | null {
  const models = families[`${cpu.vendorId} ${cpu.family}`] ?? [];
  const found = models.find(
    ({ from, to, steppings }) =>
      cpu.model >= from &&
      cpu.model <= to &&
      (steppings === undefined ||
        (cpu.stepping !== null && cpu.stepping >= steppings[0] && cpu.stepping <= steppings[1])),
  );
  // The small dies of the first generation carry the number of the second (detect: Ryzen Embedded R1000).
  if (found?.name === 'Zen+' && /\b[RV]1[0-9]{3}[A-Z]?\b/.test(cpu.name)) return 'Zen';
  return found?.name ?? null;
}

/** The names that QEMU puts in brackets after a processor that it imitates: "Intel Xeon Processor (Skylake, IBRS)". */
const imitated: readonly (readonly [RegExp, string])[] = [
  [/SierraForest/i, 'Sierra Forest'],
  [/GraniteRapids/i, 'Granite Rapids'],
  [/SapphireRapids/i, 'Sapphire Rapids'],
  [/Icelake/i, 'Ice Lake'],
  [/Cooperlake/i, 'Cooper Lake'],
  [/Cascadelake/i, 'Cascade Lake'],
  [/Skylake/i, 'Skylake'],
  [/Broadwell/i, 'Broadwell'],
  [/Haswell/i, 'Haswell'],
  [/Ivy ?Bridge/i, 'Ivy Bridge'],
  [/Sandy ?Bridge/i, 'Sandy Bridge'],
  [/Westmere/i, 'Westmere'],
  [/Nehalem/i, 'Nehalem'],
];

/** What an imitated processor is, by its name in brackets; null without one. */
export function imitatedMicroarchitecture(brand: string): string | null {
  const bracket = /\(([^()]*)\)\s*$/.exec(brand.replace(/\((?:R|TM|C)\)/gi, ''))?.[1];
  if (bracket === undefined) return null;
  return imitated.find(([pattern]) => pattern.test(bracket))?.[1] ?? null;
}

/** Generations that have parts with two kinds of core. */
export const hybridGenerations: ReadonlySet<string> = new Set([
  ...['Lakefield', 'Alder Lake', 'Raptor Lake', 'Bartlett Lake', 'Meteor Lake', 'Lunar Lake', 'Arrow Lake'],
  ...['Panther Lake', 'Wildcat Lake', 'Nova Lake'],
]);
