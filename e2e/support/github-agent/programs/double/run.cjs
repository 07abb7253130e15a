/** `run`: listens, runs jobs, and ends as its server and its signals want. */
const { scaled, settings } = require('./settings.cjs');
const { terminal } = require('./terminal.cjs');
const { trace } = require('./diag.cjs');
const { codes, Exit } = require('./exit.cjs');
const { codeOf } = require('./result.cjs');
const { readIdentity, removeIdentity, writeJitConfig } = require('./identity.cjs');
const { Gone, openSession } = require('./session.cjs');
const { Job } = require('./job.cjs');
const { update } = require('./update.cjs');

/** How long SIGTERM waits for the job to end. */
const terminateMs = 30_000;
/** How long a job may take to end after the server has deleted a one-job runner, which it does as the job completes. */
const goneMs = 3000;

class Listener {
  #identity;
  #session = null;
  #job = null;
  #runOnce;
  #hung = false;
  #stopped = new AbortController();
  /** Aborted when no more messages are wanted. */
  #enough = new AbortController();
  #result = null;
  #finished = false;

  constructor(identity, once) {
    this.#identity = identity;
    this.#runOnce = once || identity.ephemeral;
    this.#stopped.signal.addEventListener('abort', () => {
      this.#enough.abort();
      this.#job?.shutdown();
    });
  }

  /** SIGINT: whoever pressed Ctrl-C waits for the job to end, however long. A hung one hears nothing. */
  interrupt() {
    if (this.#hung || this.#stopped.signal.aborted) return;
    terminal.line('Exiting...');
    this.#stopped.abort();
  }

  /** SIGTERM: the same without a word, and not for longer than 30 seconds. */
  terminate() {
    process.exitCode = 143;
    setTimeout(() => process.exit(143), scaled(terminateMs));
    if (!this.#hung) this.#stopped.abort();
  }

  /** @returns the exit code */
  async run() {
    this.#session = await openSession(this.#identity, this.#stopped.signal);
    if (this.#session === null) return codes.success;
    try {
      terminal.line(`Current runner version: '${settings.version}'`);
      terminal.timed('Listening for Jobs');
      if (settings.hang) await this.#hang();
      return await this.#listen();
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
      return await this.#deleted();
    } finally {
      await this.#shutDown();
    }
  }

  async #listen() {
    for (;;) {
      const message = await this.#session.next(this.#enough.signal);
      if (message === null) break;
      const code = await this.#take(message);
      if (code !== null) return code;
    }
    if (
      this.#finished &&
      process.env.ACTIONS_RUNNER_RETURN_JOB_RESULT_FOR_HOSTED === '1' &&
      this.#result !== null
    )
      return codeOf(this.#result);
    return codes.success;
  }

  /** @returns an exit code, or null to go on */
  async #take(message) {
    trace('MessageListener', `Message '${message.type}' received.`);
    switch (message.type) {
      case 'job':
        // The server may be quicker than the former worker's end.
        await this.#job?.done;
        if (!this.#enough.signal.aborted) this.#start(message);
        return null;
      case 'update':
        if (this.#identity.disableUpdate) return null;
        if (!(await update(message, this.#job?.done))) return null;
        return this.#runOnce ? codes.runOnceUpdating : codes.updating;
      case 'hang':
        return await this.#hang();
      // What goes wrong inside it: an exception, or a line of its console.
      case 'exit':
        throw new Exit(message.code, message.text ?? 'An unexpected exception.');
      case 'print':
        if (message.stream === 'stderr') terminal.error(message.text);
        else terminal.line(message.text);
        return null;
      default:
        trace('MessageListener', 'Nothing is known of it.', 'WARN');
        return null;
    }
  }

  #start(message) {
    this.#job = new Job(message, this.#identity);
    void this.#job.done.then((result) => {
      this.#job = null;
      this.#result = result;
      if (!this.#runOnce || this.#stopped.signal.aborted) return;
      this.#finished = true;
      this.#enough.abort();
    });
  }

  /** Alive, and deaf: neither polls nor renews nor hears Ctrl-C. */
  async #hang() {
    this.#hung = true;
    this.#job?.hang();
    setInterval(() => {}, 60_000);
    return await new Promise(() => {});
  }

  /** The registration is gone. A one-job runner's goes with its job: then all is well. */
  async #deleted() {
    if (this.#job !== null && this.#runOnce) {
      const late = new Promise((resolve) => setTimeout(resolve, goneMs).unref());
      await Promise.race([this.#job.done, late]);
    }
    if (this.#finished) return codes.success;
    if (this.#job !== null) {
      this.#job.shutdown();
      await this.#job.done;
    }
    terminal.error('The runner no longer exists on the server. Cleaning up local configuration.');
    removeIdentity();
    return codes.success;
  }

  async #shutDown() {
    if (this.#job !== null) {
      this.#job.shutdown();
      await this.#job.done;
    }
    await this.#session.end();
    if (this.#finished && this.#identity.ephemeral) removeIdentity();
  }
}

async function run(command) {
  const jit = command.value('jitconfig');
  if (jit !== null) {
    try {
      writeJitConfig(jit);
    } catch (error) {
      terminal.error(error.message);
      throw new Exit(codes.terminated);
    }
  }
  const identity = readIdentity();
  if (identity === null)
    throw new Exit(codes.terminated, 'Not configured. Run config.(sh/cmd) to configure the runner.');
  const listener = new Listener(identity, command.flag('once'));
  process.on('SIGINT', () => listener.interrupt());
  process.on('SIGTERM', () => listener.terminate());
  return await listener.run();
}

module.exports = { run };
