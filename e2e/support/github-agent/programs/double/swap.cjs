/**
 * Runs once the listener has ended: bin and externals become links to those of the new version, and `update.finished`
 * appears in the current folder (not in the agent's: so does the real script).
 * Arguments: the agent's folder, the new version, the listener's process.
 */
const fs = require('node:fs');
const path = require('node:path');

const [root, version, listener] = process.argv.slice(2);
const at = (name) => path.join(root, name);

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A link in place of a folder or of an older link. */
function link(name) {
  const own = fs.lstatSync(at(name));
  if (own.isSymbolicLink()) fs.rmSync(at(name));
  else fs.renameSync(at(name), at(`${name}.old`));
  fs.symlinkSync(`${name}.${version}`, at(name));
}

function swap() {
  for (const name of ['bin', 'externals'])
    fs.cpSync(fs.realpathSync(at(name)), at(`${name}.${version}`), { recursive: true });
  const file = at(`bin.${version}/double/settings.json`);
  fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')), version }));
  for (const name of ['bin', 'externals']) link(name);
  const second = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:]/g, '')
    .replace('T', '-');
  fs.writeFileSync(at(`_diag/SelfUpdate-${second}.log.succeed`), `Updated to ${version}\n`);
  fs.writeFileSync('update.finished', '');
}

const timer = setInterval(() => {
  if (alive(Number(listener))) return;
  clearInterval(timer);
  swap();
}, 20);
