/**
 * Writes `schemas/example-answers.json`: what the embedded models answer to the first example request of each
 * operation. Run it beside a stack, `node scripts/with-stack.ts scripts/record-examples.ts`, and then `npm run format`,
 * `npm run openapi` and `npm run docs`.
 */
import { writeFile } from "node:fs/promises";
import { REQUESTS } from "../schemas/examples.ts";
import { askExamples } from "./ask-examples.ts";

const answers = await askExamples(process.env.NAMESIGHT_URL ?? "", REQUESTS);
await writeFile(new URL("../schemas/example-answers.json", import.meta.url), `${JSON.stringify(answers, null, 2)}\n`);
