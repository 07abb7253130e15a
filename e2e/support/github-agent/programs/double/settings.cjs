/** What the archive was built with (settings.json beside this file); a variable of the environment wins. */
const { readFileSync } = require('node:fs');
const path = require('node:path');

/** The folder that the archive was unpacked into. After an update `bin` is a link: the folder above is the same. */
const root = path.resolve(__dirname, '../..');

/** { version, time, hang, output: 'plain' | 'crlf' | 'split', bom, renewMs, updateNever } */
const built = JSON.parse(readFileSync(path.join(__dirname, 'settings.json'), 'utf8'));

const time = Number(process.env.HOMERUNNER_DOUBLE_TIME ?? built.time);
const settings = {
  ...built,
  output: process.env.HOMERUNNER_DOUBLE_OUTPUT ?? built.output,
  hang: (process.env.HOMERUNNER_DOUBLE_HANG ?? (built.hang ? '1' : '0')) === '1',
};

/** The agent's own wait of so many milliseconds, as fast as the test wishes. */
const scaled = (ms) => Math.ceil(ms * time);

/** Resolves after `ms`, or at once when `signal` is aborted. */
const pause = (ms, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });

const platforms = { linux: ['Linux', 'linux'], darwin: ['macOS', 'macos'], win32: ['Windows', 'windows'] };
const [osLabel, osName] = platforms[process.platform] ?? platforms.linux;
const archLabel = { x64: 'X64', arm64: 'ARM64', arm: 'ARM' }[process.arch] ?? 'X64';

module.exports = { root, settings, scaled, pause, osLabel, osName, archLabel };
