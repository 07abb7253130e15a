import { gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { oneByte } from './vite.config.ts';

/** What the window may weigh, gzipped, in KiB: it is read and compiled each time it is opened. */
const limitKiB = 250;

const weight: Plugin = {
  name: 'weight',
  generateBundle(_, bundle) {
    const bytes = Object.values(bundle)
      .filter((file) => !file.fileName.endsWith('.map'))
      .reduce((sum, file) => sum + gzipSync(file.type === 'chunk' ? file.code : file.source).length, 0);
    const said = `The window weighs ${(bytes / 1024).toFixed(1)} KiB gzipped, of ${limitKiB}.`;
    if (bytes > limitKiB * 1024) this.error(said);
    console.log(said);
  },
};

/** The window: plain files that any origin can serve, without a line of script or style in the page itself. */
export default defineConfig({
  root: 'src-renderer',
  base: './',
  publicDir: false,
  plugins: [svelte({ configFile: '../svelte.config.js' }), oneByte, weight],
  build: {
    target: 'chrome130',
    outDir: '../dist/renderer',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: true,
    reportCompressedSize: false,
  },
});
