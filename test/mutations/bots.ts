import type { ChatInvariant } from "../support/bots/model/invariants.ts";
import type { MutationOf } from "./mutation.ts";

/** One mutation or more for each invariant of a message to a bot, by a name. */
export const BOTS = {
  "an answer that is sent again gets a place of its own": {
    invariant: "is answered at most once, as a person sees it",
    file: "src/bots/chat-state.ts",
    find: "found ?? (await this.#say(message, platform))",
    replace: "await this.#say(message, platform)",
  },
  "what was said is not looked for": {
    invariant: "has one place where the platform can be asked for it",
    file: "src/bots/chat-state.ts",
    find: "(isSaid ? await platform.find?.(message) : null)",
    replace: "null",
  },
  "a message that comes again is another one": {
    invariant: "is answered at most once, as a person sees it",
    file: "src/bots/waiting.ts",
    find: "    see(database, id, now);\n  });",
    replace: "  });",
  },
  "what fails once is given up": {
    invariant: "is answered at last",
    file: "src/bots/chat-state.ts",
    find: "    if (asked !== null && isInTime)",
    replace: "    if (asked === null && isInTime)",
  },
  "an alarm that was lost is not set again": {
    invariant: "is answered at last",
    file: "src/bots/chat-state.ts",
    find: "if (!forgetOld(this.#database, this.#now())) return this.#clear();\n    }\n    await this.#ring();",
    replace: "if (!forgetOld(this.#database, this.#now())) return this.#clear();\n    }",
  },
  "jobs have other names when they are begun again": {
    invariant: "has one job for each picture",
    file: "src/bots/chat-state.ts",
    find: "isNew ? await jobIdsOf(message) : waiting.jobs;",
    replace: "await jobIdsOf({ ...message, id: message.id + waiting.tries });",
  },
  "jobs of an answered message are kept": {
    invariant: "leaves nothing behind its answer",
    file: "src/bots/chat-state.ts",
    find: "await dropJobs(jobs, this.#storage.deployment);\n",
    replace: "await dropJobs(jobs.slice(1), this.#storage.deployment);\n",
  },
  "a platform that asks for quiet is called": {
    invariant: "is not answered while the platform asks for quiet",
    file: "src/bots/quiet.ts",
    find: "this.#until = Math.max(this.#until, this.#clock() + asked);",
    replace: "this.#until = Math.min(this.#until, this.#clock() + asked);",
  },
  "an answer is counted again where its process dies behind it": {
    invariant: "is counted once among what the chat has used",
    file: "src/bots/waiting.ts",
    find: "SET is_answered = 1, most = 0",
    replace: "SET most = 0",
  },
  "what is charged for an answer that nobody gets is not counted": {
    invariant: "is counted once among what the chat has used",
    file: "src/bots/chat-state.ts",
    find: "finish(this.#database, message.id, this.#now(), charged);",
    replace: "finish(this.#database, message.id, this.#now());",
  },
  "what waits is not counted": {
    invariant: "begins no job that its chat may not pay for",
    file: "src/bots/waiting.ts",
    find: "(spent?.amount ?? 0) + (open?.most ?? 0)",
    replace: "(spent?.amount ?? 0) + 0 * (open?.most ?? 0)",
  },
} as const satisfies Readonly<Record<string, MutationOf<ChatInvariant>>>;
