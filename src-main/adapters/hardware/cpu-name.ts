/** Processor names as people say them: no vendor, trademark signs, clock, "CPU", "Processor", core count or graphics. */

const vendorWords: readonly (readonly [RegExp, string])[] = [
  [/^(?:genuine )?intel\b/i, 'Intel'],
  [/^amd\b/i, 'AMD'],
  [/^apple\b/i, 'Apple'],
  [/^qualcomm\b|^(?=snapdragon\b)/i, 'Qualcomm'],
  [/^hygon\b/i, 'Hygon'],
  [/^zhaoxin\b/i, 'Zhaoxin'],
  [/^via\b/i, 'VIA'],
  [/^ampere\b/i, 'Ampere'],
  [/^spacemit\b/i, 'SpacemiT'],
];

const vendorIds: Readonly<Record<string, string>> = {
  GenuineIntel: 'Intel',
  AuthenticAMD: 'AMD',
  HygonGenuine: 'Hygon',
  CentaurHauls: 'VIA',
  Shanghai: 'Zhaoxin',
};

/** The vendor by the CPUID string. */
export function vendorOfId(vendorId: string): string | null {
  return vendorIds[vendorId.trim()] ?? null;
}

/** Words that firmware shouts; model letters and EPYC, PRO, AI are capitals by right. */
const shouted =
  /\b(?:RYZEN|THREADRIPPER|XEON|CORE|GOLD|SILVER|BRONZE|PLATINUM|ULTRA|MAX|CELERON|PENTIUM|ATHLON|EMBEDDED)\b/g;

const noise: readonly (readonly [RegExp, string])[] = [
  // "FX(tm)-8350" is one word.
  [/(?:\((?:r|tm|c)\)|[®™©])(?=-)/gi, ''],
  [/\((?:r|tm|c)\)|[®™©]/gi, ' '],
  [/\s@\s?.*$/, ''],
  [/@[\d.]+\s?[GM]Hz.*$/i, ''],
  [/\s-\s.*$/, ''],
  [/\s+w\/.*$/i, ''],
  [/\s+with\s+(?:.*\s)?(?:graphics|gfx)\b.*$/i, ''],
  [/\([^()]*\)/g, ' '],
  [/,.*$/, ''],
  [/\b\d+(?:st|nd|rd|th) gen\b/i, ' '],
  [/\b(?:\d+|one|two|dual|triple|quad|six|eight|ten|twelve|sixteen)[- ]cores?\b/gi, ' '],
  [/\b(?:cpu|processor)\b/gi, ' '],
  [/(\d\w*) APU\b.*$/, '$1'],
  // The graphics of AMD's older parts stand behind the number: "A10-7850K Radeon R7", "PRO A10-8770 R7".
  [/(\d\w*) (?:radeon )?R[2-7]$/i, '$1'],
  [/\bI([3579])-(?=\d)/g, 'i$1-'],
  [/\bV(\d)$/, 'v$1'],
  // The first generation of Xeon E5 prints a zero where later ones have their version.
  [/^(.*\bE[357]-\d{4}\w*) 0\s*$/, '$1'],
];

export interface CpuName {
  readonly vendor: string | null;
  readonly model: string | null;
}

/** Vendor and model of a brand string. Processors that an emulator made up have no vendor. */
export function nameCpu(brand: string): CpuName {
  const text = brand.replace(/\s+/g, ' ').trim();
  if (isMadeUp(text)) return { vendor: null, model: text.replace(/ version .*$/i, '') };
  if (text === '' || /^(?:unknown|armv\d|aarch64)/i.test(text)) return { vendor: null, model: null };
  const plain = noise.reduce((rest, [pattern, by]) => rest.replace(pattern, by), text);
  const words = plain.replace(/\s+/g, ' ').trim();
  const vendor = vendorWords.find(([pattern]) => pattern.test(words)) ?? null;
  const model = (vendor === null ? words : words.replace(vendor[0], ''))
    .replace(shouted, (word) => word.charAt(0) + word.slice(1).toLowerCase())
    .replace(/\s+/g, ' ')
    .trim();
  return {
    vendor: vendor?.[1] ?? null,
    model: /[a-z]/i.test(model) || /^[1-9]\d{2}$/.test(model) ? model : null,
  };
}

/** "QEMU Virtual CPU version 2.5+", "Common KVM processor": family and model say nothing there. */
export function isMadeUp(brand: string): boolean {
  return /^(?:QEMU|Common (?:32-bit )?KVM)\b/i.test(brand.trim());
}
