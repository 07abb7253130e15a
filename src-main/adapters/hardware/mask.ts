/** Takes out of a capture what names a machine or a person. The same thing gets the same dummy, so that joins still work. */
import type { Capture } from './capture.ts';

/** The names to look for. */
export interface Names {
  readonly user: string;
  readonly host: string;
}

/** Names that say nothing about anybody; replacing them would only spoil the text around. */
const generic = new Set(
  'root admin user users host home guest localhost local linux darwin macos windows ubuntu debian fedora arch docker podman vm build builder runner ci server desktop laptop intel amd nvidia arm apple'.split(
    ' ',
  ),
);

/** A copy without serial numbers, UUIDs, MAC addresses, user and host names, in keys as well as in values. */
export function maskCapture(capture: Capture, names: Names): Capture {
  const mask = masker(names);
  const keyed = <T>(record: Readonly<Record<string, T>>, value: (item: T) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(record).map(([key, item]) => [mask(key), value(item)]));
  return {
    ...capture,
    commands: keyed(capture.commands, (c) => ({ ...c, stdout: mask(c.stdout), stderr: mask(c.stderr) })),
    files: keyed(capture.files, mask),
    dirs: keyed(capture.dirs, (entries) => entries.map(mask)),
    links: keyed(capture.links, mask),
    volumes: keyed(capture.volumes, (volume) => volume),
  };
}

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const mac = /(?<![0-9a-f:.-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4,}(?![0-9a-f:.-])/gi;
/** Container and machine ids; the magic numbers of binfmt handlers look alike and must stay. */
const longHex = /(?<!(?:magic|mask) )\b[0-9a-f]{32,64}\b/gi;
/** Shares of other machines, as mounts name them: "nas.lan:/photos", "//nas/photos". */
const share = /(?<=\s)(?:\/\/[^\s/]+\/\S*|[\w.-]+:\/\S+)/g;
/** `Serial : X`, `serial_number" : "X"`, `<serial>X</serial>`, `Serial Number: X`, `provisioning_UDID" : "X"`. */
const serial =
  /((?:serial(?:[ _-]?(?:number|no))?|provisioning_udid|ioplatformserialnumber|unique[ _]id|gpu[ _]pdi)"?[ \t]*(?:[:=>][ \t]*)+"?)([a-z0-9][a-z0-9._-]{3,})/gi;
/** The same of AMD's cards as the kernel writes it: "unique_id 1311768467463790320". */
const kernelSerial = /(\bunique_id )(\d{4,20})\b/g;
const homeFolder = /((?:\/home|\/Users|[A-Z]:\\Users)[\\/])([^\\/\s:"']+)/g;

/** Masks such things in one text after the other. */
export function masker(names: Names): (text: string) => string {
  const dummies = new Map<string, string>();
  const dummy = (kind: string, of: string, make: (n: number) => string): string => {
    const key = `${kind} ${of.toLowerCase()}`;
    const known = dummies.get(key);
    if (known !== undefined) return known;
    const count = [...dummies.keys()].filter((k) => k.startsWith(`${kind} `)).length;
    const made = make(count + 1);
    dummies.set(key, made);
    return made;
  };
  const hex = (n: number, length: number): string => n.toString(16).padStart(length, '0');
  const words = [
    { name: names.user, dummy: 'user' },
    { name: names.host, dummy: 'host' },
    { name: names.host.split('.')[0] ?? '', dummy: 'host' },
  ].filter(({ name }) => name.length > 1 && !generic.has(name.toLowerCase()));
  return (text) => {
    const masked = text
      .replace(uuid, (found) => dummy('uuid', found, (n) => `00000000-0000-0000-0000-${hex(n, 12)}`))
      .replace(mac, (found) => dummy('mac', found, (n) => `02:00:00:00:00:${hex(n % 256, 2)}`))
      .replace(
        serial,
        (_, before: string, found: string) => before + dummy('serial', found, (n) => `SERIAL${hex(n, 6)}`),
      )
      .replace(kernelSerial, (_, before: string) => `${before}1`)
      .replace(share, '//server/share')
      .replace(homeFolder, '$1user')
      .replace(longHex, (found) => dummy('id', found, (n) => hex(n, found.length)));
    return words.reduce((rest, word) => rest.replaceAll(wordOf(word.name), word.dummy), masked);
  };
}

function wordOf(name: string): RegExp {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped}(?![\\p{L}\\p{N}_-])`, 'gu');
}
