/** Arguments, and the same from ACTIONS_RUNNER_INPUT_<NAME>; the command line wins. */
const { terminal } = require('./terminal.cjs');

const commands = ['configure', 'remove', 'run'];
const values = [
  'url',
  'token',
  'pat',
  'name',
  'labels',
  'runnergroup',
  'work',
  'auth',
  'monitorsocketaddress',
];
const more = ['username', 'jitconfig', 'startuptype'];
const flags = ['unattended', 'replace', 'ephemeral', 'disableupdate', 'no-default-labels', 'runasservice'];
const moreFlags = ['generateserviceconfig', 'local', 'once', 'help', 'version', 'commit', 'check'];
const allValues = [...values, ...more];
const allFlags = [...flags, ...moreFlags];
const prefix = 'ACTIONS_RUNNER_INPUT_';

/** Takes the inputs out of the environment, so that no job inherits them. */
function takeInputs(env) {
  const inputs = new Map();
  for (const key of Object.keys(env)) {
    if (!key.toUpperCase().startsWith(prefix)) continue;
    inputs.set(key.slice(prefix.length).toLowerCase(), env[key].trim());
    delete env[key];
  }
  return inputs;
}

/**
 * @param args what follows the program's name
 * @returns { command: string | null, value(name): string | null, flag(name): boolean }
 */
function parse(args, env) {
  const inputs = takeInputs(env);
  const given = new Map();
  let command = null;
  for (let i = 0; i < args.length; i++) {
    const name = args[i].startsWith('--') ? args[i].slice(2).toLowerCase() : null;
    if (name === null && command === null && commands.includes(args[i])) command = args[i];
    else if (allValues.includes(name)) given.set(name, args[++i] ?? '');
    else if (allFlags.includes(name)) given.set(name, 'true');
    else
      terminal.error(
        `Unrecognized command-line input arguments: '${args[i]}'. For usage refer to: .\\config.cmd --help or ./config.sh --help`,
      );
  }
  const value = (name) => given.get(name) ?? inputs.get(name) ?? null;
  return {
    command,
    value: (name) => value(name) || null,
    flag: (name) => value(name)?.toLowerCase() === 'true',
  };
}

module.exports = { parse };
