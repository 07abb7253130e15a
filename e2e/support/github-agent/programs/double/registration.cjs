/** `configure` and `remove`. */
const { randomUUID } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const { pause, scaled, osLabel, archLabel } = require('./settings.cjs');
const { terminal } = require('./terminal.cjs');
const { codes, Exit } = require('./exit.cjs');
const { call } = require('./http.cjs');
const { wanted } = require('./ask.cjs');
const { at, configured, readIdentity, removeIdentity, writeFiles } = require('./identity.cjs');

const reconfigure =
  "Cannot configure the runner because it is already configured. To reconfigure the runner, run 'config.cmd remove' or './config.sh remove' first.";

const fail = (text) => {
  terminal.error(text);
  throw new Exit(codes.terminated);
};

const hosted = (host) =>
  /^(www\.)?github\.(com|localhost)$/.test(host) || /\.ghe\.(com|localhost)$/.test(host);

/** Where `url` registers: github.com's API, or that of an own server below /api/v3. */
function registrationAddress(url) {
  const { protocol, host, hostname } = new URL(url);
  if (hosted(hostname)) return `${protocol}//api.${host.replace(/^www\./, '')}/actions/runner-registration`;
  return `${protocol}//${host}/api/v3/actions/runner-registration`;
}

/** Posts up to four times; 404 and 409 are answers. */
async function post(url, token, json) {
  const address = registrationAddress(url);
  for (let tries = 0; ; tries++) {
    let answer;
    try {
      answer = await call('POST', address, { authorization: `RemoteAuth ${token}`, json });
    } catch (error) {
      answer = { status: 0, text: error.message, body: {} };
    }
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    if (answer.status === 409) fail(answer.body.message ?? 'Conflict');
    if (answer.status !== 404 && tries < 3) {
      await pause(scaled(1000 + 4000 * Math.random()));
      continue;
    }
    if (answer.status === 0) fail(answer.text);
    const reason = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound' }[answer.status] ?? answer.status;
    terminal.error(`Http response code: ${reason} from 'POST ${address}' (Request Id: ${randomUUID()})`);
    terminal.error(answer.text);
    const spaced = String(reason).replace(/([a-z])([A-Z])/g, '$1 $2');
    return fail(`Response status code does not indicate success: ${answer.status} (${spaced}).`);
  }
}

/** Without doubles, whatever the case; the built-in ones first. */
function labelsOf(command) {
  const own = (command.value('labels') ?? '').split(',').map((label) => label.trim());
  const builtIn = command.flag('no-default-labels') ? [] : ['self-hosted', osLabel, archLabel];
  const labels = new Map([...builtIn, ...own].filter(Boolean).map((label) => [label.toLowerCase(), label]));
  const long = [...labels.values()].find((label) => label.length > 256);
  if (long) fail(`The label '${long.slice(0, 20)}...' is longer than 256 characters.`);
  return [...labels.values()];
}

async function configure(command) {
  terminal.line();
  terminal.line('-'.repeat(80));
  terminal.line('|' + 'Self-hosted runner registration'.padStart(54).padEnd(78) + '|');
  terminal.line('-'.repeat(80));
  if (configured()) fail(reconfigure);
  if (command.flag('no-default-labels') && command.value('labels') === null)
    fail('Disabling default labels via --no-default-labels without specifying --labels is not supported');
  terminal.section('Authentication');
  const url = wanted(command, 'url', 'What is the URL of your repository?');
  const token = wanted(command, 'token', 'What is your runner register token?');
  const request = {
    url,
    runner_event: 'register',
    name: '',
    labels: labelsOf(command),
    ephemeral: command.flag('ephemeral'),
    replace: command.flag('replace'),
    disableUpdate: command.flag('disableupdate'),
    group: command.value('runnergroup'),
  };
  terminal.line();
  terminal.success('Connected to GitHub');
  terminal.section('Runner Registration');
  request.name = wanted(command, 'name', 'Enter the name of runner:', os.hostname());
  const { files, replaced } = await post(url, token, request);
  const work = wanted(command, 'work', 'Enter name of work folder:', '_work');
  save(files, { GitHubUrl: url, WorkFolder: work });
  terminal.line();
  terminal.success(replaced ? 'Successfully replaced the runner' : 'Runner successfully added');
  terminal.section('Runner settings');
  terminal.success('Settings Saved.');
  terminal.line();
}

/** The server's files, with what only this side knows. */
function save(files, own) {
  const runner = JSON.parse(Buffer.from(files['.runner'], 'base64').toString('utf8').replace('\uFEFF', ''));
  const merged = Buffer.from(JSON.stringify({ ...runner, ...own }, null, 2)).toString('base64');
  writeFiles({ ...files, '.runner': merged });
}

async function remove(command) {
  if (fs.existsSync(at('.service'))) fail('Uninstall service first');
  terminal.section('Runner removal');
  if (command.flag('local')) return removeIdentity();
  const identity = readIdentity();
  if (identity === null) {
    terminal.line(
      'Cannot connect to server, because config files are missing. Skipping removing runner from the server.',
    );
  } else {
    const token = wanted(command, 'token', 'Enter runner remove token:');
    const { GitHubUrl } = JSON.parse(fs.readFileSync(at('.runner'), 'utf8').replace('\uFEFF', ''));
    const url = GitHubUrl ?? new URL(identity.server).origin;
    await post(url, token, { url, runner_event: 'remove', agentId: identity.agentId });
    terminal.line();
    terminal.success('Runner removed successfully');
  }
  removeIdentity();
}

module.exports = { configure, remove };
