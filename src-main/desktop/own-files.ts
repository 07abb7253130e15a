/** Which file a page's address means. */
import { join, normalize, sep } from 'node:path';

/** The file that a path names; null for what would lie outside of `folder`. */
export function fileOf(pathname: string, folder: string): string | null {
  try {
    const file = normalize(join(folder, decodeURIComponent(pathname)));
    return file.startsWith(folder + sep) && !file.includes('\0') ? file : null;
  } catch {
    return null;
  }
}
