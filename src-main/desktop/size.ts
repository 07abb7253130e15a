/** How large a value from a page is, before anything looks into it. */

/** The longest text of any command, and room for what is around it. */
export const mostCharacters = 5 * 1024 * 1024;
const mostParts = 50_000;
const deepest = 32;

/** Is it plain data that is small enough to be parsed? */
export function isBounded(value: unknown): boolean {
  let characters = 0;
  let parts = 0;
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    parts += 1;
    if (typeof next.value === 'string') characters += next.value.length;
    if (characters > mostCharacters || parts > mostParts || next.depth > deepest) return false;
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (!isPlain(next.value)) return false;
    for (const [key, inner] of Object.entries(next.value)) {
      characters += key.length;
      open.push({ value: inner, depth: next.depth + 1 });
      if (open.length > mostParts) return false;
    }
  }
  return characters <= mostCharacters;
}

/** Buffers, maps and their like are in no command. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
