/** The trace files in _diag, one per program: `[2026-01-02 03:04:05Z INFO Source] text`. */
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('./settings.cjs');

const stamp = () =>
  new Date()
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');

let file = null;
let program = '';

/** Opens `_diag/<kind>_YYYYMMDD-HHMMSS-utc.log`; two that start in the same second write to the same file. */
function openDiag(kind) {
  const folder = path.join(root, '_diag');
  fs.mkdirSync(folder, { recursive: true });
  const second = stamp().replace(/[-:Z]/g, '').replace(' ', '-');
  file = fs.openSync(path.join(folder, `${kind}_${second}-utc.log`), 'a', 0o644);
  program = kind.toUpperCase();
}

/** @param severity `INFO`, `WARN`, `ERR` or `VERB`, padded to four as the agent does. */
function trace(source, text, severity = 'INFO') {
  if (file === null) return;
  const head = `${stamp()} ${severity.padEnd(4)} ${source}]`;
  try {
    fs.writeSync(file, `[${head} ${text}\n`);
    if (process.env.ACTIONS_RUNNER_PRINT_LOG_TO_STDOUT === '1')
      fs.writeSync(1, `[${program} ${head} ${text}\n`);
  } catch {
    // A full disk or a closed console does not end the agent.
  }
}

module.exports = { openDiag, trace, stamp };
