/** Names of graphics cards, as drivers write them and as people say them. */

const vendorWord = /^(?:nvidia|amd|ati|intel|apple|qualcomm) /;

/** As names are compared: lower case, without trademark signs and the vendor's word, single spaces. */
export function normaliseName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\((?:r|tm|c)\)|[®™©]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(vendorWord, '');
}

/** As people say it: "Intel(R) Arc(TM) B580 Graphics" is "Arc B580". Empty where nothing is left. */
export function spokenName(name: string): string {
  const plain = name
    .replace(/\((?:r|tm|c)\)|[®™©]/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:NVIDIA|AMD|ATI|Intel|Apple|Qualcomm)(?: Corporation)? /i, '')
    // What an old driver puts behind a name that it does not know.
    .replace(/ \[0x[0-9a-f]+\]$/i, '');
  // What AMD's boards say of their form: "INSTINCT MI250 (MCM) OAM AC MBA".
  const board = /^INSTINCT (MI\d+\w*)(?: \(MCM\)| OAM| AC| MBA| HF)*$/i.exec(plain)?.[1];
  if (board !== undefined) return `Instinct ${board}`;
  // "Arc 140V GPU (16GB)" and "Arc B580 Graphics": after a model number the word says nothing.
  return plain
    .replace(/^((?:Arc|Adreno)\b.*\d\S*) GPU(?: \(\d+ ?GB\))?$/i, '$1')
    .replace(/^(.*\b\w*\d\w*) Graphics$/, '$1');
}

/** What a code name of pci.ids holds in brackets: "Navi 31 [Radeon RX 7900 XT/7900 XTX]"; null for other names. */
function bracketOf(name: string): string | null {
  return /^[^[\]]*\[([^\]]*)(?:\]|$)/.exec(name)?.[1]?.trim() ?? null;
}

/**
 * The name of one product in what a tool printed; null where it names none: a placeholder, a name that was cut, a
 * list of several, the processor's own name, or a number.
 */
export function productName(printed: string | null): string | null {
  const whole = printed?.trim() ?? '';
  // Names that were cut end in dots; at 31 characters a bracket stays open.
  if (whole.endsWith('...') || (whole.includes('[') && !whole.includes(']'))) return null;
  const name = /\[0x[0-9a-f]+\]$/i.test(whole) ? whole : (bracketOf(whole) ?? whole);
  if (/^(?:n\/a|unknown|none|not (?:supported|available)|\[.*\]|0x[0-9a-f]+)?$/i.test(name)) return null;
  if (name.includes('/') || name.startsWith('kHW_') || name.length > 80) return null;
  if (/\b(?:Ryzen|EPYC|Athlon|Processor|Core\(TM\))\b/i.test(name)) return null;
  return isPlaceholder(name) ? null : name;
}

/** Names that drivers give to what they do not know: "Graphics Device", "Device 2684", "VGA compatible controller". */
function isPlaceholder(name: string): boolean {
  return /^(?:(?:graphics|3d|display|vga) (?:device|controller)|device [0-9a-f]{4}|vga compatible.*|(?:basic|standard) .*)$/.test(
    normaliseName(name),
  );
}

/** Names that whole generations share; a PCI id says more. */
export function isGeneric(name: string): boolean {
  return /^(?:(?:uhd|hd|iris(?: xe| plus| pro)?|arc|radeon(?: vega| rx vega)?)(?: mobile)? ?)?(?:graphics|gfx)?(?: \[0x[0-9a-f]+\])?$/.test(
    normaliseName(name),
  );
}
