import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const ROOT = import.meta.dirname;

// The page is served under a strict content security policy: nothing is inlined, fonts included.
export default defineConfig({
  root: path.join(ROOT, 'src/web'),
  cacheDir: path.join(ROOT, 'node_modules/.vite'),
  plugins: [react()],
  build: {
    outDir: path.join(ROOT, 'dist/web'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4321' } },
});
