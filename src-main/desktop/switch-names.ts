/** Chromium's switches for a window of text, where pages are drawn by software anyway. */

/** Jobs may want the graphics card, a status window does not, and a process for the card of its own costs 13 MiB (measured). */
export const withoutCard = ['disable-gpu', 'disable-software-rasterizer', 'in-process-gpu'] as const;
