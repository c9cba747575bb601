import { defineConfig } from "vitest/config";

// A wait for mail may take ten seconds, so a test may take a little longer.
export default defineConfig({ test: { globalSetup: "./start-signet.js", testTimeout: 15_000 } });
