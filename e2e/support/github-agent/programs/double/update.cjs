/** The agent's update of itself: told on the console, done by a process that outlives the listener. */
const { spawn } = require('node:child_process');
const path = require('node:path');
const { root, scaled, pause, settings } = require('./settings.cjs');
const { terminal } = require('./terminal.cjs');

/**
 * @param message { version, never?: boolean (it never finishes), fails?: string (it fails, with this reason) }
 * @param jobDone resolves when no job runs
 * @returns whether the listener is to end for it
 */
async function update(message, jobDone) {
  terminal.line('Runner update in progress, do not shutdown runner.');
  terminal.line(`Downloading ${message.version} runner`);
  await pause(scaled(2000));
  if (message.fails) {
    terminal.error(`Runner update failed: ${message.fails}`);
    return false;
  }
  terminal.line('Waiting for current job finish running.');
  await jobDone;
  terminal.line('Generate and execute update script.');
  if (!message.never && !settings.updateNever) {
    const args = [path.join(__dirname, 'swap.cjs'), root, message.version, String(process.pid)];
    spawn(process.execPath, args, { stdio: 'ignore', detached: true }).unref();
  }
  terminal.line('Runner will exit shortly for update, should be back online within 10 seconds.');
  terminal.line('Runner update process finished.');
  return true;
}

module.exports = { update };
