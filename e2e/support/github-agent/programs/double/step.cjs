/** One step: a shell that is asked to end, told to end, and then killed with all that it started. */
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const { constants } = require('node:os');
const { pause, scaled } = require('./settings.cjs');
const { trace } = require('./diag.cjs');

const interruptMs = 7500;
const terminateMs = 2500;

/** `pid` and all below it, by what the system says now. */
function tree(pid) {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) for (const [child, ppid] of rows) if (ppid === parent) found.push(child);
  return found;
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/**
 * Runs `argv`; its output goes to `page`, a file. `cancel` is an AbortSignal.
 * @returns its exit code, 128 + N for signal N as a shell says it, or null when it was not begun
 */
async function runStep(argv, { cwd, env, page, cancel }) {
  if (cancel.aborted) return null;
  const output = fs.openSync(page, 'a');
  const ended = new AbortController();
  const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: ['ignore', output, output] });
  fs.closeSync(output);
  const stop = async () => {
    signal(child.pid, 'SIGINT');
    await pause(scaled(interruptMs), ended.signal);
    if (ended.signal.aborted) return;
    signal(child.pid, 'SIGTERM');
    await pause(scaled(terminateMs), ended.signal);
    if (!ended.signal.aborted) for (const pid of tree(child.pid)) signal(pid, 'SIGKILL');
  };
  cancel.addEventListener('abort', stop, { once: true });
  const code = await new Promise((resolve) => {
    child.once('exit', (status, by) => resolve(status ?? 128 + constants.signals[by]));
    child.once('error', (error) => {
      trace('StepsRunner', error.message, 'ERR');
      resolve(127);
    });
  });
  ended.abort();
  cancel.removeEventListener('abort', stop);
  return code;
}

/** What the job's steps left running, found by the variable that they inherited; where /proc is. */
function killOrphans(trackingId) {
  if (!trackingId || !fs.existsSync('/proc/self/environ')) return;
  for (const entry of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (
        fs
          .readFileSync(`/proc/${entry}/environ`, 'utf8')
          .split('\0')
          .includes(`RUNNER_TRACKING_ID=${trackingId}`)
      )
        signal(Number(entry), 'SIGKILL');
    } catch {
      // Ended, or another user's.
    }
  }
}

module.exports = { runStep, killOrphans };
