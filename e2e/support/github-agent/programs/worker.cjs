/** bin/Runner.Worker of the double: `spawnclient <in> <out>`. It ends its job also when its listener is dead. */
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const readline = require('node:readline');
const { root, pause, scaled, settings } = require('./double/settings.cjs');
const { openDiag, trace } = require('./double/diag.cjs');
const { call } = require('./double/http.cjs');
const { codeOf } = require('./double/result.cjs');
const { makeFolders, emptyTemp } = require('./double/folders.cjs');
const { environmentOf, jobMessage } = require('./double/environment.cjs');
const { runStep, killOrphans } = require('./double/step.cjs');

const terminateMs = 30_000;
const completeTries = 60;
const toldMs = 1000;
/** Of a step that SIGINT ended, perhaps before this process heard of it. */
const interruptedCode = 130;

/** What ended the job before its time: 'cancel' by the server, 'shutdown' by the listener. */
let stoppedBy = null;
let hung = false;
/** Ctrl-C went to the whole group, and so to the step too. */
let interrupted = false;
const stop = new AbortController();

function end(reason) {
  stoppedBy ??= reason;
  stop.abort();
}

const post = ({ job, agent }, what, json, timeoutMs = 10_000) =>
  call('POST', `${agent.server}/jobs/${job.requestId}/${what}`, {
    authorization: agent.authorization,
    json,
    timeoutMs,
  });

/** Tells the server again and again that the job lives. */
async function renew(work, ended) {
  for (;;) {
    await pause(settings.renewMs, ended);
    if (ended.aborted || hung) return;
    try {
      const { status, body } = await post(work, 'renew', {});
      if (status === 404 || body.cancel === true) return end('cancel');
    } catch (error) {
      trace('JobDispatcher', `Renewal failed: ${error.message}`, 'WARN');
    }
  }
}

/** Reports the result, for a minute where nobody answers. */
async function complete(work, result) {
  for (let tries = 0; tries < completeTries; tries++) {
    try {
      const { status } = await post(work, 'complete', { result });
      if (status < 500) return;
    } catch (error) {
      trace('JobServer', `Completing failed: ${error.message}`, 'WARN');
    }
    await pause(scaled(1000));
  }
}

/** The hooks and the script of a job, each only if the one before went well. */
async function steps({ job, agent }, folders) {
  const pages = path.join(root, '_diag', 'pages');
  fs.mkdirSync(pages, { recursive: true });
  const page = path.join(pages, `${job.jobId}_1.log`);
  const env = environmentOf(job, agent, folders);
  const options = { cwd: folders.checkout, env, page, cancel: stop.signal };
  const script = path.join(folders.temp, `${job.jobId}.sh`);
  fs.writeFileSync(script, job.script ?? '');
  const hook = (file) => (file ? runStep(['bash', '-e', file], options) : 0);
  try {
    let code = await hook(env.ACTIONS_RUNNER_HOOK_JOB_STARTED);
    if (code === 0 && job.script) code = await runStep(['sh', '-e', script], options);
    if (code === 0 && job.sleepMs > 0) await pause(job.sleepMs, stop.signal);
    const after = await hook(env.ACTIONS_RUNNER_HOOK_JOB_COMPLETED);
    return code === 0 ? after : code;
  } finally {
    // Its lines are at the server by then.
    fs.rmSync(page, { force: true });
    killOrphans(env.RUNNER_TRACKING_ID);
  }
}

async function work(task) {
  const { job, agent } = task;
  const ended = new AbortController();
  void renew(task, ended.signal);
  const folders = makeFolders(agent.workFolder, job.repository);
  trace('Worker', `Job message:\n ${JSON.stringify(jobMessage(job, folders), null, 2)}`);
  const code = await steps(task, folders);
  if (hung) return;
  // The step may have ended of Ctrl-C before the listener's word came.
  if (interrupted || code === interruptedCode) await pause(toldMs, stop.signal);
  emptyTemp(folders);
  const ran = job.result ?? (code === 0 ? 'Succeeded' : 'Failed');
  // Ended by its listener: cancelled on the console, and failed at the server.
  const told = stoppedBy === null ? ran : 'Canceled';
  await complete(task, stoppedBy === 'shutdown' ? 'Failed' : told);
  ended.abort();
  trace('Worker', `Job completed with result ${told}.`);
  process.exit(codeOf(told));
}

function receive(message) {
  if (message.type === 'job') {
    work(message).catch((error) => {
      trace('Worker', error.stack, 'ERR');
      process.exit(1);
    });
  }
  if (message.type === 'shutdown') end('shutdown');
  if (message.type === 'hang') {
    hung = true;
    setInterval(() => {}, 60_000);
  }
}

openDiag('Worker');
// The listener says what is to be done.
process.on('SIGINT', () => (interrupted = true));
process.on('SIGTERM', () => setTimeout(() => process.exit(143), scaled(terminateMs)));
const channel = new net.Socket({ fd: Number(process.argv[3]) });
channel.on('error', () => {});
readline.createInterface({ input: channel }).on('line', (line) => receive(JSON.parse(line)));
