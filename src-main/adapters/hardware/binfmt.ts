/** One entry of /proc/sys/fs/binfmt_misc: which programs the kernel hands to which interpreter. */
import type { Arch } from '../../contract/job.ts';

export interface BinfmtHandler {
  readonly arch: Arch;
  readonly enabled: boolean;
  /** Flag F: the interpreter was opened at registration, so that it also serves containers. */
  readonly fixed: boolean;
}

/** By class (1: 32 bit, 2: 64 bit), byte order (1: little, 2: big) and e_machine in that order. */
const machines: Readonly<Record<string, Arch>> = {
  '1 1 3': 'ia32',
  '1 1 40': 'arm',
  '2 1 62': 'x64',
  '2 1 183': 'arm64',
  '2 1 243': 'riscv64',
  '2 1 21': 'ppc64',
  '2 2 22': 's390x',
};

/** Null for entries that are no ELF architecture (jar, python, cli) or one that we do not know. */
export function parseBinfmt(text: string): BinfmtHandler | null {
  const lines = text.split('\n').map((line) => line.trim());
  const value = (key: string): string | null =>
    lines
      .find((line) => line.startsWith(`${key} `))
      ?.slice(key.length + 1)
      .trim() ?? null;
  const arch = archOf(value('magic') ?? '', value('mask'), value('offset') ?? '0');
  const interpreter = value('interpreter');
  if (arch === null || interpreter === null) return null;
  const flags = lines.find((line) => line.startsWith('flags:'))?.slice('flags:'.length) ?? '';
  return { arch, enabled: lines[0] === 'enabled', fixed: flags.includes('F') };
}

/** Bytes of the ELF header: 0-3 the name, 4 the class, 5 the byte order, 18-19 e_machine. */
function archOf(magic: string, mask: string | null, offset: string): Arch | null {
  const bytes = hexBytes(magic);
  const masks = mask === null ? bytes.map(() => 0xff) : hexBytes(mask);
  if (offset !== '0' || bytes.length < 20 || masks.length < 20) return null;
  const at = (index: number): number => bytes[index] ?? 0;
  // The byte order is not among them: the usual mask for x64 leaves one bit of it open.
  const whole = [0, 1, 2, 3, 4].every((index) => masks[index] === 0xff) && masksMachine(masks, at(5));
  if (!whole || [0, 1, 2, 3].map(at).join() !== '127,69,76,70') return null;
  const machine = at(5) === 1 ? at(18) + at(19) * 256 : at(18) * 256 + at(19);
  return machines[`${at(4)} ${at(5)} ${machine}`] ?? null;
}

/** The usual mask for ppc64le leaves the high byte of its number open, which is 0 for all that we know. */
function masksMachine(masks: readonly number[], order: number): boolean {
  const [low, high] = order === 1 ? [18, 19] : [19, 18];
  return masks[low] === 0xff && (masks[high] === 0xff || masks[high] === 0);
}

function hexBytes(text: string): readonly number[] {
  if (!/^(?:[0-9a-f]{2}){1,256}$/i.test(text)) return [];
  return (text.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
}
