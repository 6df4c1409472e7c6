// Unit tests of the web's pure parts and of the command line, in Node.
import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [preact({ devToolsEnabled: false })],
  test: {
    include: [
      'tests/web/**/*.test.{ts,tsx}',
      'tests/cli/**/*.test.ts',
      'tests/conformance/*.test.ts',
      'tests/wasm/**/*.test.ts',
    ],
    environment: 'node',
    // On a busy machine with two cores a slow test is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
