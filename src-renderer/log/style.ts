/** How a piece of a log looks: terminal colours mapped to the few that are readable in every theme. */

export const hues = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'dim'] as const;
export type Hue = (typeof hues)[number];

export interface Style {
  readonly fg: Hue | null;
  readonly bg: Hue | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export const plain: Style = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** Black, the seven, white; null is the text's own colour, which reads on every background. */
const basic: readonly (Hue | null)[] = ['dim', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', null];

/** The style after `SGR` with these parameters; unknown ones change nothing. */
export function withSgr(style: Style, params: readonly number[]): Style {
  let next = style;
  const list = params.length === 0 ? [0] : params;
  for (let i = 0; i < list.length; i += 1) {
    const code = list[i] ?? 0;
    if (code === 38 || code === 48) {
      const { hue, used } = extended(list, i + 1);
      if (hue !== undefined) next = code === 38 ? { ...next, fg: hue } : { ...next, bg: hue };
      i += used;
    } else {
      next = simple(next, code);
    }
  }
  return next;
}

const switches: Readonly<Record<number, Partial<Style>>> = {
  0: plain,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null },
};

function simple(style: Style, code: number): Style {
  const change = switches[code];
  if (change !== undefined) return { ...style, ...change };
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97))
    return { ...style, fg: basic[code % 10] ?? null };
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
    // A black or white ground is what the log has already, in one of the themes.
    const hue = basic[code % 10] ?? null;
    return { ...style, bg: hue === 'dim' && code < 100 ? null : hue };
  }
  return style;
}

/** `5;n` of the 256 colours or `2;r;g;b`: the hue that is nearest, and how many parameters it took. */
function extended(list: readonly number[], at: number): { hue: Hue | null | undefined; used: number } {
  if (list[at] === 5) return { hue: ofPalette(list[at + 1] ?? 0), used: 2 };
  if (list[at] === 2) return { hue: ofRgb(list[at + 1] ?? 0, list[at + 2] ?? 0, list[at + 3] ?? 0), used: 4 };
  return { hue: undefined, used: 0 };
}

function ofPalette(n: number): Hue | null {
  if (n < 16) return basic[n % 8] ?? null;
  if (n >= 232) return n < 250 ? 'dim' : null;
  const level = (digit: number): number => (digit === 0 ? 0 : 55 + digit * 40);
  const cube = n - 16;
  return ofRgb(level(Math.floor(cube / 36) % 6), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** Greys are dim or plain by their lightness; colours go by their angle on the colour wheel. */
export function ofRgb(r: number, g: number, b: number): Hue | null {
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  const chroma = most - least;
  if (chroma < 40) return most > 200 ? null : 'dim';
  const sector =
    most === r ? ((g - b) / chroma + 6) % 6 : most === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
  const wheel: readonly Hue[] = ['red', 'yellow', 'green', 'cyan', 'blue', 'magenta'];
  return wheel[Math.round(sector) % 6] ?? null;
}

/** The class names of a style, empty for plain text. */
export function classOf(style: Style): string {
  const names: string[] = [];
  if (style.inverse) names.push(`on-${style.fg ?? 'text'}`);
  else {
    if (style.bg !== null) names.push(`on-${style.bg}`);
    // A coloured ground takes plain text: no two of the colours would be readable on each other.
    else if (style.fg !== null) names.push(`in-${style.fg}`);
    else if (style.dim) names.push('in-dim');
  }
  for (const name of ['bold', 'italic', 'underline', 'strike'] as const)
    if (style[name]) names.push(`is-${name}`);
  return names.join(' ');
}
