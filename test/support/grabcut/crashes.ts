import { parentPort } from "node:worker_threads";

// A worker that dies of its first job.
parentPort?.on("message", () => process.exit(3));
