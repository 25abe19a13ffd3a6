import * as z from "zod/mini";
import { NewSourceAnswer, RequestSettings, SourceFacts, SourcesAnswer } from "../../schemas/sources.ts";
import { whyNotAllowed } from "../../src/net/guarded-post.ts";
import { readMessage } from "../../src/request/read-message.ts";
import { isSkipped, type MessageSource, mapMessage } from "../../src/webhooks/ingest/map-message.ts";
import { type Command, type Outcome, WrongUse, wholeNumber } from "../keys/run-command.ts";
import { operate, type Service } from "../keys/service.ts";
import { type Options, readNamed, sourceBody } from "./source-body.ts";

/** Finds the deployment, for commands that need one. */
type FindService = () => Service;
type Run = Command<[service: FindService, words: readonly string[], options: Options]>;

/** The commands, by their names. */
export const COMMANDS: Readonly<Record<string, Run>> = {
  add: {
    needs: [],
    run: async (service, _, options) =>
      newOutcome(await operate(service(), "POST", "sources", NewSourceAnswer, sourceBody(options))),
  },
  list: {
    needs: [],
    run: async (service) => {
      const sources: SourceFacts[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const query = cursor === "" ? "" : `?cursor=${cursor}`;
        const page: SourcesAnswer = await operate(service(), "GET", `sources${query}`, SourcesAnswer);
        sources.push(...page.sources);
        cursor = page.next_cursor;
      }
      return { json: { sources }, text: sources.map(sourceLine).join("\n") || "There are no sources." };
    },
  },
  remove: {
    needs: ["SOURCE"],
    run: async (service, [id = ""], { yes }) => {
      if (!yes) throw new WrongUse("remove refuses the source's messages from now on: say --yes to do it");
      // A removal may be repeated, so that the service does not say that there was nothing to remove.
      await operate(service(), "GET", at(id), SourceFacts);
      await operate(service(), "DELETE", at(id), z.undefined());
      return { json: { removed: id }, text: `${id} is removed.` };
    },
  },
  rotate: {
    needs: ["SOURCE"],
    run: async (service, [id = ""], { which, secret, overlap }) => {
      const overlap_seconds = overlap === undefined ? undefined : wholeNumber("--overlap", overlap);
      return newOutcome(
        await operate(service(), "POST", `${at(id)}/rotate`, NewSourceAnswer, { which, secret, overlap_seconds }),
      );
    },
  },
  test: {
    needs: ["SOURCE", "FILE"],
    run: (service, [id = "", file = ""], options) => tested(service, id, file, options),
  },
};

/** `test` with a source that is described by options, for which no service is asked. */
export const TEST_WITHOUT_SERVICE: Run = {
  needs: ["FILE"],
  run: async (_, [file = ""], options) => {
    const { signature, mapping, defaults = RequestSettings.parse({}), reply = null } = sourceBody(options);
    return show({ signature, mapping, defaults, reply }, file, options);
  },
};

/** The path of a source. */
function at(id: string): string {
  return `sources/${encodeURIComponent(id)}`;
}

async function tested(service: FindService, id: string, file: string, options: Options): Promise<Outcome> {
  return show(await operate(service(), "GET", at(id), SourceFacts), file, options);
}

/** What the body in a file becomes. Nothing is sent. */
async function show(source: MessageSource, file: string, { sent = [] }: Options): Promise<Outcome> {
  const headers = new Headers(sent.map(headerOf));
  const mapped = mapMessage(await readMessage(readNamed(file), headers), source, (url) =>
    whyNotAllowed(url, new Set()),
  );
  if (isSkipped(mapped)) return { json: mapped, text: `Skipped: the message ${mapped.skipped}.`, failed: true };
  const { id, fields, pictures, replyTo } = mapped;
  const { text, ...others } = fields;
  const jobs = Math.max(1, pictures.length);
  const lines = [
    `The message becomes ${jobs === 1 ? "one job" : `${jobs} jobs`}.`,
    `id       ${id}`,
    ...pictures.map((url) => `picture  ${url}`),
    `reply    ${replyTo ?? "none"}`,
    `fields   ${JSON.stringify(others)}`,
    `text     ${text}`,
  ];
  return { json: { id, jobs, text, pictures, reply_to: replyTo, fields: others }, text: lines.join("\n") };
}

/** `X-GitHub-Delivery: 72d3162e`, a header that comes with the message. */
function headerOf(text: string): [string, string] {
  const [, name, value] = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new WrongUse('--sent must be like "X-GitHub-Delivery: 72d3162e"');
  return [name, value];
}

function newOutcome(source: NewSourceAnswer): Outcome {
  const { secret, reply_secret } = source;
  const made = [
    ...(secret === null ? [] : [`Secret of its messages: ${secret}`]),
    ...(reply_secret === null ? [] : [`Secret that its answers are signed with: ${reply_secret}`]),
  ];
  const kept = made.length === 0 ? [] : [...made, "", "Keep what is secret: it is shown this once."];
  return { json: source, text: [`Send messages to ${source.url}`, ...kept, sourceLine(source)].join("\n") };
}

function sourceLine({ id, name, account, signature, reply, secrets }: SourceFacts): string {
  const told = reply === null ? "no reply" : "url" in reply ? `reply to ${reply.url}` : `reply by ${reply.pointer}`;
  const many = secrets.length === 1 ? "" : `  ${secrets.length} secrets`;
  return `${id}  ${signature.scheme}  ${account ?? "nobody pays"}  ${told}${many}  ${name}`;
}
