/** The files that make a folder a registered runner. */
const fs = require('node:fs');
const path = require('node:path');
const { root, settings } = require('./settings.cjs');
const { terminal } = require('./terminal.cjs');

const names = ['.runner', '.credentials', '.credentials_rsaparams'];
const at = (name) => path.join(root, name);
const bom = '\uFEFF';

const json = (name) => JSON.parse(fs.readFileSync(at(name), 'utf8').replace(bom, ''));

const configured = () => fs.existsSync(at('.runner'));

/** @returns null when the folder is not a registered runner. */
function readIdentity() {
  if (!configured() || !fs.existsSync(at('.credentials'))) return null;
  const runner = json('.runner');
  return {
    agentId: runner.AgentId,
    agentName: runner.AgentName,
    ephemeral: runner.Ephemeral === true,
    disableUpdate: runner.DisableUpdate === true,
    server: (runner.ServerUrlV2 ?? runner.ServerUrl).replace(/\/$/, ''),
    workFolder: path.resolve(root, runner.WorkFolder ?? '_work'),
    authorization: `Bearer ${json('.credentials').data.clientId}`,
  };
}

/** Writes what the server sent, { name: base64 }, over what there is. */
function writeFiles(files) {
  for (const [name, content] of Object.entries(files)) {
    if (!names.includes(name)) throw new Error(`The file '${name}' is not one of a runner's configuration.`);
    const text = Buffer.from(content, 'base64').toString('utf8');
    fs.writeFileSync(at(name), name === '.runner' && settings.bom ? bom + text : text);
    if (name === '.credentials_rsaparams') fs.chmodSync(at(name), 0o600);
  }
}

/** What `--jitconfig` carries: base64 of JSON { name: base64 }. */
function writeJitConfig(encoded) {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.length % 4 !== 0)
    throw new Error(
      'The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.',
    );
  writeFiles(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
}

/** After a one-job runner's job, after removal, and when the server has deleted it. */
function removeIdentity() {
  for (const name of ['.credentials', '.runner']) {
    if (fs.existsSync(at(name))) {
      fs.rmSync(at(name));
      if (name === '.credentials') fs.rmSync(at('.credentials_rsaparams'), { force: true });
      terminal.success(`Removed ${name}`);
    } else {
      terminal.line(`Does not exist. Skipping Removing ${name}`);
    }
  }
}

module.exports = { at, configured, readIdentity, writeFiles, writeJitConfig, removeIdentity };
