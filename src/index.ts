import { env, tracing } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { readBindings } from "./bindings.ts";
import { chatObject } from "./bots/chat.ts";
import { batchObject } from "./jobs/batches/batch.ts";
import { jobObject } from "./jobs/job.ts";
import { createTrace } from "./observe/tracing.ts";

export { Account } from "./accounts/account.ts";
export { Attempt } from "./webhooks/attempt.ts";

const dependencies = readBindings(env, { trace: createTrace(tracing) });

/** One job. */
export class Job extends jobObject(dependencies) {}
/** One batch of jobs. */
export class Batch extends batchObject(dependencies) {}
/** One chat of a bot. */
export class Chat extends chatObject(dependencies) {}

export default createApp(dependencies) satisfies ExportedHandler<Env>;
