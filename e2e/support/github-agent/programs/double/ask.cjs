/** Questions on the console, of a configuration that is attended. */
const fs = require('node:fs');
const { terminal } = require('./terminal.cjs');
const { codes, Exit } = require('./exit.cjs');

/** Reads one line from standard input; blocks for as long as nobody types. */
function readLine() {
  const byte = Buffer.alloc(1);
  let line = '';
  for (;;) {
    let count = 0;
    try {
      count = fs.readSync(0, byte, 0, 1, null);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      continue;
    }
    if (count === 0) return line === '' ? null : line;
    if (byte[0] === 10) return line.trim();
    line += byte.toString('latin1');
  }
}

/**
 * A value that the command line may hold. Unattended a missing one is `otherwise`, or the end where that is null.
 * @returns {string}
 */
function wanted(command, name, question, otherwise = null) {
  const given = command.value(name);
  if (given !== null) return given;
  if (command.flag('unattended')) {
    if (otherwise !== null) return otherwise;
    terminal.error(`Invalid configuration provided for ${name}. Terminating unattended configuration.`);
    throw new Exit(codes.terminated);
  }
  for (;;) {
    terminal.line(otherwise === null ? question : `${question} [press Enter for ${otherwise}]`);
    const answer = readLine();
    if (answer === null && otherwise === null) throw new Exit(codes.terminated);
    if (answer) return answer;
    if (otherwise !== null) return otherwise;
  }
}

module.exports = { wanted };
