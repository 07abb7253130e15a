/** An archive as large as the agent of GitHub: programs, libraries and the many small files of its two Nodes. */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { Header } from 'tar';

interface Kind {
  readonly folder: (n: number) => string;
  readonly count: number;
  /** Bytes of each. */
  readonly size: number;
}

/** Together 500 MB in some 10 000 files. */
const kinds: readonly Kind[] = [
  { folder: (n) => `externals/node${20 + n}/bin`, count: 4, size: 80_000_000 },
  { folder: () => 'bin', count: 500, size: 250_000 },
  { folder: (n) => `externals/node20/lib/node_modules/${n % 400}/lib/${n % 3}`, count: 9_500, size: 5_800 },
];

/** How long a piece is that is packed once, in bytes: what zlib looks back is far shorter. */
const pieceBytes = 2_000_000;
/** The file that a runner is started from. */
export const program = 'bin/file-0';

interface Packed {
  readonly size: number;
  readonly plain: Buffer;
  readonly deflated: Buffer;
}

/** Half of it cannot be packed and half of it can, as of programs; what cannot be is of no use to a file system either. */
function packed(size: number): Packed {
  const plain = Buffer.alloc(size, 'the same words again and again, as in the text of a program\n');
  for (let at = 0; at < size; at += 8192) randomBytes(Math.min(4096, size - at)).copy(plain, at);
  // It ends at a byte and asks for nothing before it, so that it may be put behind anything.
  const deflated = deflateRawSync(plain, { level: 1, finishFlush: constants.Z_FULL_FLUSH });
  return { size, plain, deflated };
}

/** What stands in a compressed stream as it is. */
function stored(data: Buffer, last = false): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(last ? 1 : 0);
  head.writeUInt16LE(data.length, 1);
  head.writeUInt16LE(data.length ^ 0xffff, 3);
  return Buffer.concat([head, data]);
}

export interface BenchArchive {
  readonly file: string;
  readonly sha256: string;
  /** Of all its files together. */
  readonly bytes: number;
  readonly files: number;
}

/** Writes a compressed tar of them to `file`, in about two seconds: each piece is packed once, and put where it belongs. */
export function writeAgentArchive(file: string): BenchArchive {
  const out = new Gzip(file);
  let [bytes, files] = [0, 0];
  for (const { folder, count, size } of kinds) {
    const pieces = piecesOf(size);
    for (let n = 0; n < count; n += 1) {
      out.stored(headerOf(`${folder(n)}/file-${n}`, size));
      for (const piece of pieces) out.packed(piece);
      out.stored(Buffer.alloc((512 - (size % 512)) % 512));
      bytes += size;
      files += 1;
    }
  }
  out.stored(Buffer.alloc(1024));
  return { file, sha256: out.end(), bytes, files };
}

function piecesOf(size: number): Packed[] {
  const whole = packed(Math.min(size, pieceBytes));
  const rest = size % whole.size;
  const times = Math.floor(size / whole.size);
  return [...Array.from({ length: times }, () => whole), ...(rest === 0 ? [] : [packed(rest)])];
}

function headerOf(path: string, size: number): Buffer {
  const header = new Header({ path, size, mode: 0o755, type: 'File', mtime: new Date(0) });
  header.encode();
  if (header.block === undefined) throw new Error(`no header for ${path}`);
  return header.block;
}

/** A gzip file of parts, some of which are packed already. */
class Gzip {
  readonly #file: number;
  readonly #sha256 = createHash('sha256');
  #sum = 0;
  #size = 0;

  constructor(file: string) {
    this.#file = openSync(file, 'w');
    this.#write(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]));
  }

  stored(data: Buffer): void {
    this.#count(data);
    this.#write(stored(data));
  }

  packed({ plain, deflated }: Packed): void {
    this.#count(plain);
    this.#write(deflated);
  }

  /** The SHA-256 of the file. */
  end(): string {
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(this.#sum, 0);
    tail.writeUInt32LE(this.#size % 2 ** 32, 4);
    this.#write(stored(Buffer.alloc(0), true));
    this.#write(tail);
    closeSync(this.#file);
    return this.#sha256.digest('hex');
  }

  #count(data: Buffer): void {
    this.#sum = crc32(data, this.#sum);
    this.#size += data.length;
  }

  #write(data: Buffer): void {
    this.#sha256.update(data);
    writeSync(this.#file, data);
  }
}
