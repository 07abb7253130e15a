import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
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
 * One build for plain Node, and later for Electron's Node: CommonJS, everything bundled but native modules; what is
 * imported with `import()` becomes a chunk that is loaded when first used.
 * `--mode test` builds the same with the fault points in, and the bench and chaos programs, into dist-test/.
 */
export default defineConfig(({ mode }) => {
  const test = mode === 'test';
  const entries = {
    cli: 'src-main/cli.ts',
    ...(test && { bench: 'e2e/bench/bench.ts', chaos: 'e2e/chaos/chaos.ts' }),
  };
  return {
    appType: 'custom',
    publicDir: false,
    define: constants(test),
    plugins: [executableEntries],
    ssr: { noExternal: true, external: ['libsql'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: test ? 'dist-test' : 'dist',
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name].cjs',
          // Small, yet with its names kept: a stack trace in a bug report must say something.
          minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
  };
});
