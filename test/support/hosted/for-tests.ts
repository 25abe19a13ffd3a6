import { afterAll, beforeAll } from "vitest";
import { type HostScript, HostSession } from "./script.ts";
import { startHostedServer } from "./server.ts";

/** In a file of tests under Node: one server for all of them, and how each opens its own session on it. */
export function hostForTests(): (script?: HostScript) => Promise<HostSession> {
  let started: Awaited<ReturnType<typeof startHostedServer>> | null = null;
  beforeAll(async () => {
    started = await startHostedServer();
  });
  afterAll(async () => {
    started?.server.closeAllConnections();
    await new Promise((closed) => started?.server.close(closed));
  });
  return (script = {}) => HostSession.open(started?.url ?? "", script);
}
