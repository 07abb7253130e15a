/** The session of one listener at the server, and the messages that come through it. */
const { pause, scaled, settings, osName } = require('./settings.cjs');
const { terminal } = require('./terminal.cjs');
const { trace } = require('./diag.cjs');
const { codes, Exit } = require('./exit.cjs');
const { call } = require('./http.cjs');

const pollMs = 50_000;
const retryMs = 30_000;
const conflictLimitMs = 240_000;
const clockLimitMs = 30 * 60_000;
const mostPollErrors = 10;

const texts = {
  conflict: 'A session for this runner already exists.',
  clock:
    "The local machine's clock may be out of sync with the server time by more than five minutes. Please sync your clock with your domain or internet time and try again.",
  deleted:
    'Failed to create a session. The runner registration has been deleted from the server, please re-configure. Runner registrations are automatically deleted for runners that have not connected to the service recently.',
  missing: 'The runner no longer exists on the server. Please reconfigure the runner.',
};

/** The server has deleted the registration while this listener listened. */
class Gone extends Error {}

const deprecated = (message) =>
  new Exit(
    process.env.ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE === '1'
      ? codes.versionDeprecated
      : codes.terminated,
    message ?? `Runner version v${settings.version} is deprecated and cannot receive messages.`,
  );

const describe = (answer) =>
  answer.body?.message ?? answer.failure ?? `The server answered with status ${answer.status}`;

/** An answer, also where there was none: { status: 0, failure }. */
async function ask(...args) {
  try {
    return await call(...args);
  } catch (error) {
    return { status: 0, body: {}, failure: error.message };
  }
}

/** What ends the trying for a session at once; null = try again. */
function refusal(answer, waited) {
  switch (answer.status) {
    case 404: {
      const agent = answer.body.typeName === 'TaskAgentNotFoundException';
      terminal.error(agent ? texts.missing : texts.deleted);
      return new Exit(codes.terminated);
    }
    case 409:
      terminal.error(texts.conflict);
      if (waited.conflict < conflictLimitMs) return null;
      terminal.error(
        `Stop retry on SessionConflictException after retried for ${conflictLimitMs / 1000} seconds.`,
      );
      terminal.error(`Failed to create session. ${answer.body.message ?? 'Error: Conflict'}`);
      return new Exit(codes.sessionConflict);
    case 401:
      terminal.error(texts.clock);
      if (waited.clock < clockLimitMs) return null;
      terminal.error(`Failed to create session. ${describe(answer)}`);
      return new Exit(codes.terminated);
    default:
      return null;
  }
}

/**
 * Connects until there is a session, and says so. A version that the server refuses is told so only once it listens.
 * @returns the session, or null when `signal` aborted
 */
async function openSession(identity, signal) {
  const { agentId, agentName, server, authorization } = identity;
  const json = { agentId, agentName, version: settings.version, os: osName, arch: process.arch };
  const waited = { conflict: 0, clock: 0 };
  for (let failed = false; ;) {
    terminal.line();
    terminal.success('Connected to GitHub');
    terminal.line();
    const answer = await ask('POST', `${server}/sessions`, { authorization, json, signal });
    if (signal.aborted) return null;
    if (answer.status === 200 || answer.status === 403) {
      if (failed) terminal.timed('Runner reconnected.');
      return new Session(identity, answer.status === 200 ? answer.body.sessionId : null, answer.body.message);
    }
    const end = refusal(answer, waited);
    if (end !== null) throw end;
    if (!failed)
      terminal.timedError(`Runner connect error: ${describe(answer)}. Retrying until reconnected.`);
    failed = true;
    waited.conflict += answer.status === 409 ? retryMs : 0;
    waited.clock += answer.status === 401 ? retryMs : 0;
    await pause(scaled(retryMs), signal);
    if (signal.aborted) return null;
  }
}

class Session {
  #address;
  #authorization;
  #refusal;

  constructor(identity, id, message) {
    this.#address = id === null ? null : `${identity.server}/sessions/${id}`;
    this.#authorization = identity.authorization;
    this.#refusal = message;
  }

  /** The next message, however long that takes; null when `signal` aborts. */
  async next(signal) {
    if (this.#address === null) throw deprecated(this.#refusal);
    const wait = scaled(pollMs);
    let clock = 0;
    for (let errors = 0; !signal.aborted;) {
      const authorization = this.#authorization;
      const timeoutMs = wait + Math.max(2000, scaled(30_000));
      const answer = await ask('GET', `${this.#address}/message?wait=${wait}`, {
        authorization,
        timeoutMs,
        signal,
      });
      if (signal.aborted) break;
      if (answer.status === 200 || answer.status === 202) {
        if (errors > 0) terminal.timed('Runner reconnected.');
        errors = 0;
        if (answer.status === 200) return answer.body;
        continue;
      }
      if (answer.status === 404) throw new Gone();
      if (answer.status === 403) throw deprecated(answer.body.message);
      errors += 1;
      if (answer.status === 401) {
        terminal.error(texts.clock);
        clock += retryMs;
        if (clock > clockLimitMs) throw new Exit(codes.terminated);
      } else if (errors >= mostPollErrors) throw new Error(describe(answer));
      trace('MessageListener', `Poll failed: ${describe(answer)}`, 'ERR');
      if (errors === 1)
        terminal.timedError(`Runner connect error: ${describe(answer)}. Retrying until reconnected.`);
      await pause(scaled((errors <= 5 ? 15_000 : 30_000) * (1 + Math.random())), signal);
    }
    return null;
  }

  async end() {
    if (this.#address === null) return;
    await ask('DELETE', this.#address, {
      authorization: this.#authorization,
      timeoutMs: scaled(30_000) + 1000,
    });
  }
}

module.exports = { openSession, Gone };
