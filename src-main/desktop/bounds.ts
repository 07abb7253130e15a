/** Where the window stands: where it was, as far as that is on a screen that is there. */
import * as v from 'valibot';

const pixels = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
export const BoundsSchema = v.object({ x: pixels, y: pixels, width: pixels, height: pixels });
export type Bounds = v.InferOutput<typeof BoundsSchema>;

export const smallest = { width: 360, height: 420 } as const;
export const usual = { width: 960, height: 680 } as const;

/** `wanted` moved, and made smaller where it must be, so that all of it lies in `area`. */
export function inside(wanted: Bounds, area: Bounds): Bounds {
  const width = Math.min(Math.max(wanted.width, smallest.width), area.width);
  const height = Math.min(Math.max(wanted.height, smallest.height), area.height);
  const x = Math.min(Math.max(wanted.x, area.x), area.x + area.width - width);
  const y = Math.min(Math.max(wanted.y, area.y), area.y + area.height - height);
  return { x, y, width, height };
}

/** The usual size in the middle of `area`. */
export function centred(area: Bounds): Bounds {
  const x = area.x + Math.round((area.width - usual.width) / 2);
  const y = area.y + Math.round((area.height - usual.height) / 2);
  return inside({ x, y, ...usual }, area);
}
