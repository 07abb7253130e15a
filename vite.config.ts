import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, defineConfig, type Plugin } from 'vite';
import manifest from './package.json' with { type: 'json' };

/** What the build puts in for the names that src-main/globals.d.ts declares. */
export const constants = (faultPoints: boolean) => ({
  __VERSION__: JSON.stringify(manifest.version),
  __FAULT_POINTS__: JSON.stringify(faultPoints),
});

/** `npx homerunner` runs the file itself, so entries that start with `#!` must be executable. */
const executableEntries: Plugin = {
  name: 'executable-entries',
  writeBundle({ dir = '.' }, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk' && file.isEntry && file.code.startsWith('#!'))
        chmodSync(join(dir, file.fileName), 0o755);
  },
};

/**
 * V8 keeps a script of which one character is not in Latin-1 with two bytes for each: such characters are written as
 * escapes. (They are in strings and patterns alone, where both mean the same.)
 */
export const oneByte: Plugin = {
  name: 'one-byte',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk')
        file.code = file.code.replaceAll(
          /[^\0-\xff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
  },
};

/** What is built in by other files than these: the window's framework, and what stays outside of the bundle. */
const builtInElsewhere = ['electron', 'libsql', 'svelte'];

/** Writes down what the program is made of, for its page about itself. */
const licences: Plugin = {
  name: 'licences',
  generateBundle() {
    const inBundle = [...this.getModuleIds()].flatMap((id) => {
      const folder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1];
      return folder === undefined ? [] : [folder];
    });
    const folders = new Set([...builtInElsewhere.map((name) => join('node_modules', name)), ...inBundle]);
    const list = [...folders].map((folder) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      ) as Record<string, unknown>;
      return { name, version, licence: typeof license === 'string' ? license : 'see its package' };
    });
    list.sort((a, b) => String(a.name).localeCompare(String(b.name)));
    this.emitFile({ type: 'asset', fileName: 'licences.json', source: JSON.stringify(list) });
  },
};

/** A sandboxed script can load nothing but electron: it is one file, and hence a build of its own. */
const preload: Plugin = {
  name: 'preload',
  async closeBundle() {
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      ssr: { noExternal: true, external: ['electron'] },
      build: {
        ssr: 'src-main/preload.ts',
        target: 'node20',
        outDir: this.environment.config.build.outDir,
        emptyOutDir: false,
        sourcemap: true,
        rolldownOptions: { output: { format: 'cjs', entryFileNames: 'preload.cjs' } },
      },
    });
  },
};

/** Small, yet with names kept: a stack trace in a bug report must say something. */
const output = (chunks: string) => ({
  format: 'cjs' as const,
  entryFileNames: '[name].cjs',
  chunkFileNames: `${chunks}/[name].cjs`,
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
});

/**
 * The desktop shares no files with the command line: put together for itself alone it is two or three, and finding a
 * dozen makes V8 optimise Node's own finding of files, whose compiler then takes 5 MiB for good (measured).
 */
const desktop = (test: boolean): Plugin => ({
  name: 'desktop',
  async closeBundle() {
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      define: constants(test),
      plugins: [oneByte],
      ssr: { noExternal: true, external: ['libsql', 'electron'] },
      build: {
        ssr: true,
        target: 'node20',
        outDir: this.environment.config.build.outDir,
        emptyOutDir: false,
        sourcemap: true,
        rolldownOptions: { input: { main: 'src-main/main.ts' }, output: output('desktop') },
      },
    });
  },
});

/**
 * One build for plain Node and one for Electron's Node: CommonJS, everything bundled but native modules; what is
 * imported with `import()` becomes a chunk that is loaded when first used.
 * `--mode test` builds the same with the fault points in, and the bench and chaos programs, into dist-test/.
 */
export default defineConfig(({ mode }) => {
  const test = mode === 'test';
  const entries = {
    cli: 'src-main/cli.ts',
    // Replaced by its own build; here it keeps out of cli.cjs what most commands do not need.
    main: 'src-main/main.ts',
    ...(test && {
      bench: 'e2e/bench/bench.ts',
      chaos: 'e2e/chaos/chaos.ts',
      'chaos-github': 'e2e/chaos/github/chaos.ts',
      'demo-github': 'e2e/demo/github.ts',
    }),
  };
  return {
    appType: 'custom',
    publicDir: false,
    define: constants(test),
    plugins: [oneByte, executableEntries, licences, preload, desktop(test)],
    ssr: { noExternal: true, external: ['libsql', 'electron'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: test ? 'dist-test' : 'dist',
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
        output: output('chunks'),
      },
    },
  };
});
