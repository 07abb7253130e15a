/** What the bench of the desktop runs in Electron beside the product: plain scripts, written down where they are needed. */

/** The baseline: an icon with a menu of three entries, and a window with a page of text when it is asked for. */
export const emptyApplication = `
const { app, BrowserWindow, Menu, Tray } = require('electron');
const { BENCH_FOLDER: folder, BENCH_IMAGE: image } = process.env;
let tray;
app.setPath('userData', folder);
app.on('window-all-closed', () => undefined);
app.on('activate', () => {
  const window = new BrowserWindow({ show: false, width: 960, height: 680 });
  window.once('ready-to-show', () => window.show());
  window.loadFile(folder + '/page.html');
});
app.whenReady().then(() => {
  tray = new Tray(image);
  tray.setToolTip('Empty');
  tray.setContextMenu(
    Menu.buildFromTemplate([{ label: 'One' }, { label: 'Two' }, { label: 'Quit', click: () => app.quit() }]),
  );
});
`;

export const emptyPage =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Empty</title><body><main>Nothing</main></body></html>\n';

/**
 * Loaded before either application: opens and closes its window and measures, as it is told by lines of JSON on a
 * socket. Both know \`activate\`, by which macOS asks for the window.
 */
export const probe = `
const { app, BrowserWindow, webContents } = require('electron');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const net = require('node:net');
const resolution = 10;
const delay = monitorEventLoopDelay({ resolution });
const windows = () => BrowserWindow.getAllWindows();
const inPage = (script) => windows()[0].webContents.executeJavaScript(script);
/** Settles when there is text, and a frame with it has been drawn. */
const filled = \`new Promise((resolve) => {
  const look = () =>
    document.querySelector('main')?.textContent ? requestAnimationFrame(() => setTimeout(resolve)) : setTimeout(look, 1);
  look();
})\`;
const lateness = (ms) => \`new Promise((resolve) => {
  const late = [];
  const end = performance.now() + \${ms};
  let due = performance.now() + \${resolution};
  const tick = () => {
    late.push(Math.max(0, performance.now() - due));
    due = performance.now() + \${resolution};
    if (performance.now() < end) setTimeout(tick, \${resolution});
    else resolve(late);
  };
  setTimeout(tick, \${resolution});
})\`;
const p99 = (values) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;
const answers = {
  async open() {
    const made = new Promise((resolve) => app.once('browser-window-created', (_event, window) => resolve(window)));
    const began = performance.now();
    app.emit('activate');
    const window = await made;
    await new Promise((resolve) => window.once('show', resolve));
    const shown = performance.now() - began;
    await inPage(filled);
    return { shown, filled: performance.now() - began };
  },
  async close() {
    for (const window of windows()) window.close();
    while (windows().length > 0 || app.getAppMetrics().some(({ type }) => type === 'Tab'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    return null;
  },
  async delay({ ms }) {
    delay.reset();
    delay.enable();
    const late = await inPage(lateness(ms));
    delay.disable();
    return {
      main: { p99: Math.max(0, delay.percentile(99) / 1e6 - resolution), max: delay.max / 1e6 - resolution },
      renderer: { p99: p99(late), max: Math.max(...late) },
    };
  },
  show({ view }) {
    webContents.getAllWebContents()[0].send('homerunner', { is: 'navigate', to: view });
    return null;
  },
  text: () => inPage('document.body.innerText'),
};
net
  .createServer((socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', async (data) => {
      text += data;
      const lines = text.split('\\n');
      text = lines.pop();
      for (const line of lines) {
        const request = JSON.parse(line);
        const answer = await Promise.resolve(answers[request.do](request)).then(
          (value) => ({ value }),
          (error) => ({ error: String(error) }),
        );
        socket.write(JSON.stringify(answer) + '\\n');
      }
    });
  })
  .listen(process.env.BENCH_SOCKET);
`;
