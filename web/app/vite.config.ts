import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Browsers of the last two years; all of them have `light-dark()`, nested CSS and Web Locks. */
const BROWSERS = ['chrome125', 'edge125', 'firefox128', 'safari17.5'];

/** The router's origin for renderings without a window, which there are none of here; a build names no local address. */
const withoutLocalAddress: Plugin = {
  name: 'without-local-address',
  transform: {
    filter: { id: /@tanstack\/router-core\// },
    handler: (code) => code.replaceAll('"http://localhost"', 'globalThis.location.origin'),
  },
};

export default defineConfig({
  plugins: [react(), withoutLocalAddress],
  build: {
    target: BROWSERS,
    emptyOutDir: true,
    // Fonts stay files: the page's policy admits no data: addresses for them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The editor of rich text is one library and comes when a document needs it.
    chunkSizeWarningLimit: 700,
  },
});
