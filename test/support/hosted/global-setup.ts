import type { TestProject } from "vitest/node";
import { startHostedServer } from "./server.ts";

/** Starts one server for all tests of a project: `inject("hosted")` is its address. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, server } = await startHostedServer();
  project.provide("hosted", url);
  return async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
}
