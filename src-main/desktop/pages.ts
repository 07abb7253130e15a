/** Pages that must work when the window's own cannot: plain, without a script. */

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 24px;color:#1b1d21;background:#fbfbfc}' +
  '@media(prefers-color-scheme:dark){body{color:#e8eaed;background:#1b1d21}a{color:#8ab4f8}}';

export const plainStyle = { path: '/plain.css', text: style } as const;

function page(title: string, text: string, way: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Homerunner</title><link rel="stylesheet" href="${plainStyle.path}"><h1>${title}</h1><p>${text}</p>${way}</html>`;
}

/** Shown instead of a page that has crashed again and again. */
export const crashed = {
  path: '/crashed.html',
  text: page(
    'This window has crashed three times',
    'Your runners and jobs are not touched by that: they go on, and the tray and the command line work. What happened is in the file desktop.log, in the logs folder of the home.',
    '<p><a href="/index.html">Try again</a></p>',
  ),
} as const;

/** Shown where the page has not been built. */
export const missing = page(
  'The window has not been built',
  'Its files are missing from this program. Install it again; in a checkout, run npm run build.',
  '',
);
