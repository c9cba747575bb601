// Runs once, before all test files: the Signet that SIGNET_URL names, or one that is started here on a free port.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export default async function setup({ provide }) {
  if (process.env.SIGNET_URL) {
    provide("signet", process.env.SIGNET_URL);
    return;
  }

  const data = await mkdtemp(join(tmpdir(), "signet-"));
  const server = spawn("signet", ["dev", "--http", "127.0.0.1:0", "--data", data], { stdio: ["ignore", "pipe", "ignore"] });
  await once(server, "spawn");
  let ready = false;
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.startsWith("http ")) {
      provide("signet", line.split(" ")[1]);
    } else if (line.startsWith("ready")) {
      ready = true;
      break;
    }
  }

  if (!ready) {
    throw new Error("signet ended before it was ready: start it by hand to see why");
  }

  return async () => {
    server.kill();
    await once(server, "exit");
    await rm(data, { recursive: true });
  };
}
