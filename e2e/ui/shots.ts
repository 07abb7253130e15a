/** Where pictures of the window go, and which of them are wanted. */
import path from 'node:path';

const folder = process.env['HOMERUNNER_SHOTS'] ?? '';
const only = (process.env['HOMERUNNER_SHOTS_ONLY'] ?? '').split(',').filter(Boolean);

export const themes = ['light', 'dark'] as const;

export function wanted(name: string): boolean {
  return only.length === 0 || only.some((part) => name.includes(part));
}

export function fileOf(name: string): string {
  return path.join(folder, `${name}.png`);
}
