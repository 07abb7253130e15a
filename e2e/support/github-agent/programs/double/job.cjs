/** The listener's side of one job: a child process Runner.Worker that exists exactly while the job runs. */
const { spawn } = require('node:child_process');
const path = require('node:path');
const { root } = require('./settings.cjs');
const { terminal } = require('./terminal.cjs');
const { trace } = require('./diag.cjs');
const { call } = require('./http.cjs');
const { resultOf } = require('./result.cjs');

class Job {
  #message;
  #identity;
  #child = null;
  /** Said before there was a worker. */
  #early = [];
  /** Resolves with the result, or null when no worker ran, once the job has ended. */
  done;

  constructor(message, identity) {
    this.#message = message;
    this.#identity = identity;
    this.done = this.#run();
  }

  /** The worker is told to end the job, since the listener ends. */
  shutdown() {
    this.#tell({ type: 'shutdown' });
  }

  /** The worker renews no more and reports nothing. */
  hang() {
    this.#tell({ type: 'hang' });
  }

  async #run() {
    const { jobDisplayName } = this.#message;
    terminal.timed(`Running job: ${jobDisplayName}`);
    if (!(await this.#firstRenewal())) return null;
    const result = resultOf(await this.#worker()) ?? (await this.#failed());
    terminal.timed(`Job ${jobDisplayName} completed with result: ${result}`);
    return result;
  }

  /** A job that is gone or cancelled before its worker started never gets a line of completion. */
  async #firstRenewal() {
    try {
      const { status, body } = await this.#post('renew', {});
      if (status === 404) return false;
      if (body.cancel !== true) return true;
      await this.#post('complete', { result: 'Canceled' });
      return false;
    } catch (error) {
      // The worker tries again.
      trace('JobDispatcher', `First renewal failed: ${error.message}`, 'WARN');
      return true;
    }
  }

  #worker() {
    return new Promise((resolve) => {
      // One socket for both directions, whose number is told as in and out.
      this.#child = spawn(path.join(root, 'bin', 'Runner.Worker'), ['spawnclient', '3', '3'], {
        cwd: root,
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      });
      this.#child.stdio[3].on('error', () => {});
      this.#child.once('error', (error) => {
        trace('JobDispatcher', `The worker did not start: ${error.message}`, 'ERR');
        resolve(null);
      });
      this.#child.once('exit', (code) => resolve(code));
      this.#tell({ type: 'job', job: this.#message, agent: this.#identity });
      for (const message of this.#early) this.#tell(message);
    });
  }

  /** A worker that crashed or was killed: the listener reports for it. */
  async #failed() {
    trace('JobDispatcher', 'The worker ended without a result.', 'ERR');
    await this.#post('complete', { result: 'Failed' }).catch(() => {});
    return 'Failed';
  }

  #tell(message) {
    if (this.#child === null) this.#early.push(message);
    else this.#child.stdio[3].write(`${JSON.stringify(message)}\n`);
  }

  #post(what, json) {
    const { server, authorization } = this.#identity;
    return call('POST', `${server}/jobs/${this.#message.requestId}/${what}`, { authorization, json });
  }
}

module.exports = { Job };
