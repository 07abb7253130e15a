/** Arm cores by MIDR: implementer and part. Source: util-linux sys-utils/lscpu-arm.c. A part is a core design, not a product. */

/** How fast a core is meant to be beside others of its time; servers have one kind and may have several packages. */
export type ArmClass = 'little' | 'big' | 'prime' | 'server';

export interface ArmCore {
  readonly name: string;
  readonly kind: ArmClass;
}

/** Implementers that make the processor too; Arm itself (0x41) only licenses designs. */
const vendors: Readonly<Record<number, string>> = {
  0x42: 'Broadcom',
  0x43: 'Cavium',
  0x46: 'Fujitsu',
  0x48: 'HiSilicon',
  0x4e: 'NVIDIA',
  0x50: 'Applied Micro',
  0x51: 'Qualcomm',
  0x53: 'Samsung',
  0x61: 'Apple',
  0x6d: 'Microsoft',
  0x70: 'Phytium',
  0xc0: 'Ampere',
};

/** By implementer: "part name class". */
const cores: Readonly<Record<number, string>> = {
  0x41: `
    c05 Cortex-A5 little; c07 Cortex-A7 little; c08 Cortex-A8 big; c09 Cortex-A9 big;
    c0d Cortex-A17 big; c0e Cortex-A17 big; c0f Cortex-A15 big; d01 Cortex-A32 little;
    d02 Cortex-A34 little; d03 Cortex-A53 little; d04 Cortex-A35 little; d05 Cortex-A55 little;
    d06 Cortex-A65 little; d07 Cortex-A57 big; d08 Cortex-A72 big; d09 Cortex-A73 big;
    d0a Cortex-A75 big; d0b Cortex-A76 big; d0c Neoverse_N1 server; d0d Cortex-A77 big;
    d0e Cortex-A76AE big; d40 Neoverse_V1 server; d41 Cortex-A78 big; d42 Cortex-A78AE big;
    d43 Cortex-A65AE little; d44 Cortex-X1 prime; d46 Cortex-A510 little; d47 Cortex-A710 big;
    d48 Cortex-X2 prime; d49 Neoverse_N2 server; d4a Neoverse_E1 server; d4b Cortex-A78C big;
    d4c Cortex-X1C prime; d4d Cortex-A715 big; d4e Cortex-X3 prime; d4f Neoverse_V2 server;
    d80 Cortex-A520 little; d81 Cortex-A720 big; d82 Cortex-X4 prime; d83 Neoverse_V3AE server;
    d84 Neoverse_V3 server; d85 Cortex-X925 prime; d87 Cortex-A725 big; d88 Cortex-A520AE little;
    d89 Cortex-A720AE big; d8a C1-Nano little; d8b C1-Pro big; d8c C1-Ultra prime;
    d8e Neoverse_N3 server; d8f Cortex-A320 little; d90 C1-Premium big;`,
  0x42: `
    f Brahma-B15 big; 100 Brahma-B53 big; 516 ThunderX2 server;`,
  0x43: `
    a0 ThunderX server; a1 ThunderX server; a2 ThunderX server; a3 ThunderX server; af ThunderX2 server; b0 OcteonTX2 server; b1 OcteonTX2 server; b2 OcteonTX2 server;
    b3 OcteonTX2 server; b4 OcteonTX2 server; b5 OcteonTX2 server; b6 OcteonTX2 server; b8 ThunderX3 server;`,
  0x46: `
    1 A64FX server; 3 MONAKA server;`,
  0x48: `
    d01 TSV110 server; d02 TSV110 server; d03 TSV110 server; d06 Kunpeng-950 server; d22 TSV110 server;
    d40 Cortex-A76 big; d41 Cortex-A77 big;`,
  0x4e: `
    0 Denver big; 3 Denver_2 big; 4 Carmel big; 10 Olympus server;`,
  0x50: `
    0 X-Gene server;`,
  0x51: `
    1 Oryon big; 2 Oryon big; 4d Krait big; 6f Krait big; 201 Kryo big; 205 Kryo big; 211 Kryo big; 800 Falkor server; 801 Kryo_2xx_Gold big; 802 Kryo_3xx_Gold big;
    803 Kryo_3xx_Silver little; 804 Kryo_4xx_Gold big; 805 Kryo_4xx_Silver little; c00 Falkor server;
    c01 Saphira server;`,
  0x53: `
    1 Exynos_M1 big; 2 Exynos_M3 big; 3 Exynos_M4 big; 4 Exynos_M5 big;`,
  0x61: `
    22 Icestorm little; 23 Firestorm big; 24 Icestorm little; 25 Firestorm big; 28 Icestorm little;
    29 Firestorm big; 32 Blizzard little; 33 Avalanche big; 34 Blizzard little; 35 Avalanche big;
    38 Blizzard little; 39 Avalanche big;`,
  0x6d: `
    d49 Neoverse_N2 server;`,
  0x70: `
    303 FTC310 server; 660 FTC660 server; 661 FTC661 server; 662 FTC662 server; 663 FTC663 server;
    664 FTC664 server; 862 FTC862 server;`,
  0xc0: `
    ac3 AmpereOne server; ac4 AmpereOne server; ac5 AmpereOne server;`,
};

const table: ReadonlyMap<string, ArmCore> = new Map(
  Object.entries(cores).flatMap(([implementer, list]) =>
    list
      .split(';')
      .map((entry) => entry.trim().split(' '))
      .flatMap(([part, name, kind]) =>
        part === undefined || name === undefined || kind === undefined
          ? []
          : [
              [
                `${implementer} ${parseInt(part, 16)}`,
                { name: name.replaceAll('_', ' '), kind: kind as ArmClass },
              ] as const,
            ],
      ),
  ),
);

/** The core design; null where it is not in the table. */
export function armCoreOf(implementer: number, part: number): ArmCore | null {
  return table.get(`${implementer} ${part}`) ?? null;
}

/** The core of this name, as lscpu writes it ("Neoverse-V2", "Cortex-A76"). */
export function armCoreNamed(name: string): ArmCore | null {
  const plain = name.trim().replaceAll('-', ' ').toLowerCase();
  return [...table.values()].find((core) => core.name.replaceAll('-', ' ').toLowerCase() === plain) ?? null;
}

export function armVendorOf(implementer: number): string | null {
  return vendors[implementer] ?? null;
}
