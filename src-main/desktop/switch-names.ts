/** Chromium's switches for a window of text, where pages are drawn by software anyway. */

/**
 * Jobs may want the graphics card, a status window does not. A process for the card of its own costs 13 MiB, and inside of
 * this one OpenGL, which is told off to it, 3 MiB after the first window (measured).
 */
export const withoutCard: readonly (readonly [name: string, value?: string])[] = [
  ['disable-gpu'],
  ['disable-software-rasterizer'],
  ['in-process-gpu'],
  ['use-gl', 'disabled'],
];
