/** Which names an archive for Windows may have: each file at one place alone, inside, and with a name that Windows takes. */
import { isInside } from './unpack.ts';

/** These are devices, whatever ending they have and in whatever folder they stand. */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;
/** Reserved, or not a character at all; a colon names a stream hidden behind a file. */
const reserved = /[<>:"|?*\\\u0000-\u001f\ufffd]/;

/** What is wrong with a path by itself. A folder's ends with a slash. */
export function nameFault(path: string): string | null {
  const name = quoted(path);
  if (!isInside(path)) return `${name} would lie outside of its folder`;
  if (path.includes('\\')) return `${name} has a backslash in its name`;
  const parts = partsOf(path);
  return parts.length > 0 && parts.every(isName) ? null : `${name} is no name that Windows takes`;
}

function isName(part: string): boolean {
  return !/^$|[. ]$/.test(part) && part.length <= 255 && !reserved.test(part) && !devices.test(part);
}

/** The files and folders of one archive, as a file system sees them that knows no case of letters. */
export class Tree {
  /** By the name without its case: how it was written, and what it is. */
  readonly #known = new Map<string, { readonly path: string; readonly kind: 'file' | 'folder' }>();

  /** How many files and folders there are; also folders that only other names tell of. */
  get size(): number {
    return this.#known.size;
  }

  /** What is wrong with one more path beside the others. */
  add(path: string): string | null {
    const parts = partsOf(path);
    for (let n = 1; n < parts.length; n += 1) {
      const fault = this.#add(parts.slice(0, n).join('/'), 'folder');
      if (fault !== null) return fault;
    }
    return this.#add(parts.join('/'), path.endsWith('/') ? 'folder' : 'file');
  }

  #add(path: string, kind: 'file' | 'folder'): string | null {
    const key = path.normalize('NFC').toUpperCase();
    const known = this.#known.get(key);
    if (known !== undefined && (known.path !== path || known.kind === 'file' || kind === 'file'))
      return known.path === path
        ? `${quoted(path)} is in it twice`
        : `${quoted(known.path)} and ${quoted(path)} are one file on Windows`;
    this.#known.set(key, { path, kind });
    return null;
  }
}

/** As short as a sentence bears it, and without what a terminal would act on. */
export function quoted(path: string): string {
  return JSON.stringify(path.slice(0, 120));
}

function partsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}
