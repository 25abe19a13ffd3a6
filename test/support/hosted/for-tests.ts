import { afterAll, beforeAll } from "vitest";
import { type HostScript, HostSession } from "./script.ts";
import { startHostedServer } from "./server.ts";

/** Starts one server for a test file in Node; the returned function opens a session for each test. */
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
