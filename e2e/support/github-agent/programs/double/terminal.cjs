/** The console: what a supervisor reads. Times are UTC, `2026-08-17 14:15:44Z: text`. */
const fs = require('node:fs');
const { settings } = require('./settings.cjs');
const { trace, stamp } = require('./diag.cjs');

function write(descriptor, text) {
  const end = settings.output === 'crlf' ? '\r\n' : '\n';
  const bytes = Buffer.from(`${text}${end}`);
  // Split: a few bytes at a time, also in the middle of a character and of a line's end.
  const size = settings.output === 'split' ? 5 : bytes.length;
  for (let at = 0; at < bytes.length; at += size) {
    try {
      fs.writeSync(descriptor, bytes.subarray(at, at + size));
    } catch {
      // Nobody reads any more: the agent goes on, as the real one does.
    }
    if (settings.output === 'split') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  }
}

const terminal = {
  line(text = '') {
    trace('Terminal', `WRITE LINE: ${text}`);
    write(1, text);
  },
  success(text) {
    terminal.line(`√ ${text}`);
  },
  section(text) {
    terminal.line();
    terminal.line(`# ${text}`);
    terminal.line();
  },
  error(text) {
    trace('Terminal', `WRITE ERROR: ${text}`, 'ERR');
    write(2, text);
  },
  /** With the time before it. */
  timed(text) {
    terminal.line(`${stamp()}: ${text}`);
  },
  timedError(text) {
    terminal.error(`${stamp()}: ${text}`);
  },
};

module.exports = { terminal };
