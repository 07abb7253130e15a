/**
 * Unpacks a zip archive that is not trusted. All that it holds is looked at before anything is written: names that lead
 * out or that Windows reads otherwise, links, what is there twice, what overlaps, and what would be endless.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { refusedArchive } from './refused.ts';
import { agentLimits, damaged, isOfTheMachine, mostBytes, tooLarge, type UnpackLimits } from './unpack.ts';
import { nameFault, quoted, Tree } from './zip-names.ts';

/** Something that no archive of an agent has; the message goes on from "The archive is refused: ". */
class Fault extends Error {}

interface Item {
  /** With slashes; a folder's ends with one. */
  readonly path: string;
  readonly entry: Entry;
}

/** Unpacks `archive` into the empty folder `to`. Throws `refused-by-policy`; what lies in `to` is then to be thrown away. */
export async function unpackZip(
  title: string,
  archive: string,
  to: string,
  limits: UnpackLimits = agentLimits,
): Promise<void> {
  try {
    const { size } = await stat(archive);
    await unpackAll(archive, to, { ...limits, bytes: mostBytes(limits, size) });
  } catch (error) {
    if (error instanceof Fault) throw refusedArchive(title, error.message);
    if (isOfTheMachine(error)) throw error;
    throw refusedArchive(title, damaged(error));
  }
}

async function unpackAll(archive: string, to: string, limits: UnpackLimits): Promise<void> {
  const yauzl = await import('yauzl');
  // Names are read here: it would only say that it does not like them.
  const zip = await yauzl.openPromise(archive, { decodeStrings: false, autoClose: false });
  // One that comes when nothing is read any more has nobody else to hear it.
  zip.on('error', () => undefined);
  try {
    const nameOf = ({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string =>
      yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
    await writeAll(zip, await looked(zip, nameOf, limits), to);
  } finally {
    zip.close();
  }
}

/** All that it holds, if all of it may be written. */
async function looked(
  zip: ZipFile,
  nameOf: (entry: Entry) => string,
  limits: UnpackLimits,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const tree = new Tree();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const path = nameOf(entry);
    bytes += entry.uncompressedSize;
    const fault = nameFault(path) ?? kindFault(path, entry) ?? tree.add(path);
    if (fault !== null) throw new Fault(fault);
    if (tree.size > limits.entries) throw new Fault(`it has more than ${limits.entries} files`);
    if (bytes > limits.bytes) throw new Fault(tooLarge(limits.bytes));
    items.push({ path, entry });
  }
  if (items.length === 0) throw new Fault('it holds nothing');
  if (overlap(items)) throw new Fault('its files lie in one another');
  return items;
}

/** In what Unix keeps of a file: what kind it is. */
const unix = { kinds: 0xf000, file: 0x8000, folder: 0x4000, link: 0xa000 } as const;
/** In what Windows keeps of one: it leads elsewhere. */
const reparsePoint = 0x400;

function kindFault(path: string, entry: Entry): string | null {
  const kind = (entry.externalFileAttributes >>> 16) & unix.kinds;
  if (kind === unix.link || (entry.externalFileAttributes & reparsePoint) !== 0)
    return `${quoted(path)} is a link, and agents for Windows have none`;
  if (kind !== 0 && kind !== unix.file && kind !== unix.folder)
    return `${quoted(path)} is neither a file nor a folder`;
  if (entry.isEncrypted()) return `${quoted(path)} is encrypted`;
  return entry.canDecodeFileData() ? null : `${quoted(path)} is packed in a way that no agent is`;
}

/** The same bytes read for many files are how a small archive fills a disk. */
function overlap(items: readonly Item[]): boolean {
  const places = items
    .map(({ entry }) => ({
      from: entry.relativeOffsetOfLocalHeader,
      // A local header has 30 bytes and the name once more.
      to: entry.relativeOffsetOfLocalHeader + 30 + entry.fileNameLength + entry.compressedSize,
    }))
    .sort((a, b) => a.from - b.from);
  return places.some(({ to }, n) => to > (places[n + 1]?.from ?? Infinity));
}

/** How many files are written at once: most are small, and each waits for the disk. */
const atOnce = 8;

/** When it fails nothing is written any more. */
async function writeAll(zip: ZipFile, items: readonly Item[], to: string): Promise<void> {
  const left = items.values();
  let failed = false;
  const some = async (): Promise<void> => {
    for (const item of left) {
      if (failed) return;
      await write(zip, item, to).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const done = await Promise.allSettled(Array.from({ length: atOnce }, some));
  const first = done.find((one) => one.status === 'rejected');
  if (first !== undefined) throw first.reason;
}

async function write(zip: ZipFile, { path, entry }: Item, to: string): Promise<void> {
  const target = join(to, path);
  if (path.endsWith('/')) {
    await mkdir(target, { recursive: true });
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  const mode = ((entry.externalFileAttributes >>> 16) & 0o755) | 0o644;
  const sum = summed();
  // Never onto something: nothing may be there yet.
  const file = createWriteStream(target, { flags: 'wx', mode });
  await pipeline(await zip.openReadStreamPromise(entry), sum.through, file);
  if (sum.value() !== entry.crc32) throw new Error(`${quoted(path)} is not what it was`);
}

/** The sum that a zip keeps of each file. */
function summed(): { readonly through: Transform; readonly value: () => number } {
  let value = 0;
  const through = new Transform({
    transform(chunk: Buffer, _, done) {
      value = crc32(chunk, value);
      done(null, chunk);
    },
  });
  return { through, value: () => value };
}
