// The arrows of the architecture: who may import whom. `npm run check:imports` checks them, type imports too.
//
//              contract  <--------------------------- src-renderer
//                 ^  ^
//               core |
//                 ^  |
//       +---------+--+---------+
//      app                  adapters
//       ^                      ^
//       +----------+-----------+
//             compose.ts
//             ^        ^
//       cli.ts, cli/   main.ts, desktop/
//
// Test files may import anything; e2e/ too.

const tests = '\\.test(-kit)?\\.ts$';
const npm = (name) => `(^|/)node_modules/${name}/|^${name}(/|$)`; // the second half: named, but not installed
const compose = '^src-main/compose(\\.ts$|/)';

const from = (path, ...pathNot) => ({ path, pathNot: [tests, ...pathNot] });
const rule = (name, comment, fromWhere, to) => ({ name, severity: 'error', comment, from: fromWhere, to });

/** What lies in `path` imports from src-main only what lies in `allowed`; node: and npm packages are free. */
const onlyOfOurs = (name, comment, path, allowed) =>
  rule(name, comment, from(path), { path: '^src-main/', pathNot: allowed });

/** An npm package that is imported by one place only. */
const oneHome = (name, where, why) =>
  rule(`${name.match(/[a-z-]+/)[0]}-has-one-home`, why, from('', where, '^e2e/'), {
    path: npm(name),
  });

module.exports = {
  forbidden: [
    rule(
      'contract-stands-alone',
      'contract/ is what crosses every boundary (window, socket, tests): it imports only itself and valibot, or all that read it would depend on more.',
      from('^src-main/contract/'),
      { pathNot: ['^src-main/contract/', npm('valibot')], couldNotResolve: false },
    ),
    rule(
      'core-is-pure',
      'core/ decides and touches nothing: it imports only core, contract and valibot, so that it can be tested with values alone. What it needs from outside is a port that an adapter implements.',
      from('^src-main/core/'),
      { pathNot: ['^src-main/core/', '^src-main/contract/', npm('valibot')], couldNotResolve: false },
    ),
    rule(
      'app-knows-ports-only',
      'app/ holds the loop and the state and imports only app, core and contract: files, sockets, clocks and processes come to it as ports, passed in by compose.',
      from('^src-main/app/'),
      { pathNot: ['^src-main/app/', '^src-main/core/', '^src-main/contract/'], couldNotResolve: false },
    ),
    onlyOfOurs(
      'adapters-point-inwards',
      'An adapter implements a port and knows nothing of those who use it: it imports core, contract and adapters/os, never app, cli, compose or desktop.',
      '^src-main/adapters/',
      ['^src-main/adapters/', '^src-main/core/', '^src-main/contract/'],
    ),
    rule(
      'adapters-do-not-know-each-other',
      'An adapter never imports another adapter, so that each can be replaced or removed alone. Small helpers for processes and files that all share lie in adapters/os.',
      from('^src-main/adapters/([^/]+)'),
      { path: '^src-main/adapters/', pathNot: ['^src-main/adapters/$1(/|$)', '^src-main/adapters/os/'] },
    ),
    rule(
      'only-compose-names-adapters',
      'Only compose names concrete adapters: who reads it has read the architecture. Everyone else is given what compose made.',
      from('', '^src-main/adapters/', compose, '^e2e/'),
      { path: '^src-main/adapters/' },
    ),
    onlyOfOurs(
      'cli-goes-through-compose',
      'The command line imports contract, core, compose and itself. It reaches adapters and the running supervisor only through what compose hands out.',
      '^src-main/cli(\\.ts$|/)',
      ['^src-main/cli/', '^src-main/contract/', '^src-main/core/', compose],
    ),
    rule(
      'nobody-imports-an-entry',
      'cli.ts, main.ts and preload.ts start programs when they are loaded; nothing imports them.',
      from(''),
      { path: '^src-main/(cli|main|preload)\\.ts$' },
    ),
    onlyOfOurs(
      'desktop-knows-no-adapters',
      'desktop/ imports contract, core, app and itself (and electron); main.ts passes in what compose made.',
      '^src-main/desktop/',
      ['^src-main/desktop/', '^src-main/contract/', '^src-main/core/', '^src-main/app/'],
    ),
    rule(
      'renderer-knows-the-contract-only',
      'The window gets data and sends commands: it imports only the contract and itself, never node:, electron or the supervisor.',
      from('^src-renderer/'),
      { path: ['^src-main/', npm('electron')], pathNot: '^src-main/contract/' },
    ),
    rule(
      'renderer-runs-in-a-sandbox',
      'The window runs in a sandbox without Node: it cannot import node: modules.',
      from('^src-renderer/'),
      { dependencyTypes: ['core'] },
    ),
    rule(
      'electron-only-in-the-desktop',
      'electron is imported only by main.ts, preload.ts and desktop/: everything else also runs in plain Node, where that import throws.',
      from('', '^src-main/(main|preload)\\.ts$', '^src-main/desktop/', '^e2e/'),
      { path: npm('electron') },
    ),

    oneHome(
      'libsql',
      '^src-main/adapters/db/',
      'Only adapters/db speaks SQL: everyone else sees the port, and the database can be changed in one place.',
    ),
    oneHome(
      'dockerode',
      '^src-main/adapters/runtimes/container/',
      'dockerode costs 27 MiB to load: it has one home, adapters/runtimes/container, that is imported when first used.',
    ),
    oneHome(
      '@octokit/[^/]+',
      '^src-main/adapters/forges/github/',
      'octokit belongs to adapters/forges/github alone, which is imported when first used: other forges must not pay for it.',
    ),
    oneHome(
      'undici',
      '^src-main/adapters/os/',
      'undici is for the proxies of the environment alone, with its own fetch: it does not go together with what is built into Node.',
    ),
    oneHome(
      'tar',
      '^src-main/adapters/agents/',
      'Archives of agents are unpacked in adapters/agents alone, where their paths, links and sizes are checked.',
    ),
    oneHome(
      'yauzl',
      '^src-main/adapters/agents/',
      'Archives of agents are unpacked in adapters/agents alone, where their paths, links and sizes are checked.',
    ),
    oneHome(
      'yaml',
      '^src-main/adapters/forges/github/',
      'Workflows are read by adapters/forges/github alone, which is imported when first used; everyone else gets values.',
    ),
    oneHome(
      'systeminformation',
      '^src-main/adapters/hardware/',
      'systeminformation is slow to load and runs programs: it has one home, adapters/hardware, behind the door that records and replays a machine.',
    ),
    oneHome(
      'electron-store',
      '^src-main/desktop/',
      'electron-store imports electron, so only desktop/ may use it; the engine keeps its configuration by itself.',
    ),

    rule(
      'product-does-not-know-its-tests',
      'Code that ships imports neither test files nor e2e/: it would carry them along.',
      from('^src-(main|renderer)/'),
      { path: ['^e2e/', tests] },
    ),
    rule(
      'no-cycles',
      'Two files that import each other, even by way of others, are one thought in two places: move what both need into a third.',
      {},
      { circular: true },
    ),
    rule(
      'no-orphans',
      'Nothing imports this file and it imports nothing: use it or delete it.',
      { orphan: true, path: '^src-main/', pathNot: ['\\.d\\.ts$', '^src-main/(cli|main|preload)\\.ts$'] },
      {},
    ),
    rule(
      'everything-resolves',
      'This import leads to nothing that is installed.',
      {},
      { couldNotResolve: true },
    ),
  ],

  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
