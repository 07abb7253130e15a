/** bin/Runner.Listener of the double. */
const fs = require('node:fs');
const { settings } = require('./double/settings.cjs');
const { openDiag, trace } = require('./double/diag.cjs');
const { terminal } = require('./double/terminal.cjs');
const { codes, Exit } = require('./double/exit.cjs');
const { at } = require('./double/identity.cjs');
const { parse } = require('./double/command.cjs');
const { configure, remove } = require('./double/registration.cjs');
const { run } = require('./double/run.cjs');

/** Lines KEY=VALUE, without quotes, that win over what was inherited. */
function loadEnvironment() {
  let text = '';
  try {
    text = fs.readFileSync(at('.env'), 'utf8');
  } catch {
    return;
  }
  for (const line of text.replace('\uFEFF', '').split(/\r?\n/)) {
    const cut = line.indexOf('=');
    if (cut > 0) process.env[line.slice(0, cut)] = line.slice(cut + 1);
  }
}

/** Configuration that is interrupted is not done. */
async function attended(work, command) {
  process.on('SIGINT', () => {
    terminal.line('Exiting...');
    process.exit(codes.terminated);
  });
  await work(command);
  return codes.success;
}

async function main() {
  loadEnvironment();
  const command = parse(process.argv.slice(2), process.env);
  if (command.flag('version')) return terminal.line(settings.version);
  if (command.flag('commit')) return terminal.line('0'.repeat(40));
  if (command.flag('help')) return terminal.line('Commands: ./config.sh, ./config.sh remove, ./run.sh');
  if (command.flag('check')) return terminal.line('Nothing is checked by the double.');
  openDiag('Runner');
  trace('Listener', `Version: ${settings.version}, command: ${command.command}`);
  if (command.command === 'configure') return await attended(configure, command);
  if (command.command === 'remove') return await attended(remove, command);
  return await run(command);
}

main().then(
  // SIGTERM has set its own code.
  (code) => process.exit(process.exitCode ?? code ?? codes.success),
  (error) => {
    if (!(error instanceof Exit)) trace('Listener', error.stack, 'ERR');
    if (!(error instanceof Exit) || error.said !== null)
      terminal.error(`An error occurred: ${error.message}`);
    process.exit(error instanceof Exit ? error.code : codes.retryable);
  },
);
