/** For tests: zip archives, good and bad, byte by byte. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly text?: string | Buffer;
  /** 8: deflated; 0: as it is. Default 8. */
  readonly method?: number;
  /** Unix: its kind and rights. */
  readonly mode?: number;
  /** What Windows keeps of it. */
  readonly attributes?: number;
  /** Bit 0: encrypted; bit 11: the name is UTF-8, as it is by default. */
  readonly flags?: number;
  /** What is said of it instead of the truth. */
  readonly claims?: {
    readonly size?: number;
    readonly packed?: number;
    readonly sum?: number;
    readonly at?: number;
  };
}

interface Made {
  readonly local: Buffer;
  readonly central: (at: number) => Buffer;
}

function made(entry: ZipEntry): Made {
  const { method = 8, mode = 0, attributes = 0, flags = 0x800, claims = {} } = entry;
  const text = Buffer.from(entry.text ?? '');
  const data = method === 8 ? deflateRawSync(text) : text;
  const name = Buffer.from(entry.name);
  // What both headers have: needed version, flags, method, time, date, sum, sizes, lengths of name and extra field.
  const common = Buffer.alloc(26);
  [20, flags, method, 0, 0x21].forEach((value, n) => common.writeUInt16LE(value, n * 2));
  common.writeUInt32LE(claims.sum ?? crc32(text), 10);
  common.writeUInt32LE(claims.packed ?? data.length, 14);
  common.writeUInt32LE(claims.size ?? text.length, 18);
  common.writeUInt16LE(name.length, 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((mode << 16) | attributes) >>> 0, 6);
  return {
    local: Buffer.concat([Buffer.from('PK\x03\x04'), common, name, data]),
    central(at) {
      rest.writeUInt32LE(claims.at ?? at, 10);
      const by = Buffer.from([20, mode === 0 ? 0 : 3]);
      return Buffer.concat([Buffer.from('PK\x01\x02'), by, common, rest, name]);
    },
  };
}

/** `count`: how many files it says that it has. */
export function zipOf(entries: readonly ZipEntry[], count = entries.length): Buffer {
  const all = entries.map(made);
  let at = 0;
  const central = all.map(({ local, central: of }) => {
    const header = of(at);
    at += local.length;
    return header;
  });
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(Buffer.concat(central).length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...all.map(({ local }) => local), ...central, Buffer.from('PK\x05\x06'), end]);
}
