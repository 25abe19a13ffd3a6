/** `npm run batch -- FILE.jsonl --images DIR --out OUT.jsonl`: recognizes the posts of a file, through batches. */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { toNanoDollars } from "../schemas/money.ts";
import { refuseUsage, USAGE_ERROR } from "./arguments.ts";
import { Bar } from "./batch/bar.ts";
import { cancelAll } from "./batch/cancel-all.ts";
import { type Entry, readEntries } from "./batch/entries.ts";
import { Locked, takeLock } from "./batch/lock.ts";
import { faultOfOptions } from "./batch/options.ts";
import { digestOf, isSent, Record, WrongFiles } from "./batch/record.ts";
import { sendAll } from "./batch/send-all.ts";
import { Service } from "./batch/service.ts";
import { stoppedText } from "./batch/stopped.ts";
import { withStack } from "./stack/use.ts";

const USAGE = `
npm run batch -- FILE.jsonl --out OUT.jsonl [OPTIONS]: recognizes the posts of FILE, one JSON a line as /v1/recognize
takes it, with an "id" of your own where you want one. Its "image" is an https address or a file under --images. Each
result is a line of OUT as soon as it is there, with the number of its line in FILE. Called again, it goes on where it
was stopped: OUT.jsonl.state says what was sent, and nothing is asked or paid twice. One process at a time works on OUT.

  --images DIR          the folder of the pictures
  --out OUT.jsonl       where the results go
  --endpoint URL        a deployment; without it, a stack is started on this machine
  --key KEY             a key with the scope recognize, else NAMESIGHT_KEY of the environment
  --max-concurrent N    posts of a batch that run at a time, 1 to 50 (default 5)
  --max-cost USD        sends nothing more, and cancels what runs, once the posts cost so much
  --retry               sends the posts again that have no answer, such as those that --max-cost has canceled
  --cancel              cancels what was sent and has not ended

Exits with 0 when every post has an answer, or everything was canceled; with 1 when some have none, or something was not
canceled; with 2 when it was used wrongly.
`;
const OPTIONS = {
  images: { type: "string" },
  out: { type: "string" },
  endpoint: { type: "string" },
  key: { type: "string" },
  "max-concurrent": { type: "string" },
  "max-cost": { type: "string" },
  retry: { type: "boolean", default: false },
  cancel: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const { file, out, values } = readArguments();
const url = values.endpoint === undefined ? null : new URL(values.endpoint);
// The stack on this machine asks for no key.
const key = url && (values.key ?? process.env.NAMESIGHT_KEY ?? null);
let isStopped = false;
lockOut();
const { entries, record } = prepare();
if (values.cancel && record.batches.every(({ ended }) => ended)) {
  tell(`There is nothing to cancel: ${record.hasSent ? "what was sent has ended" : "nothing was sent"}.`);
  process.exit(0);
}
if (values.retry) record.forgetFailed();
const standing = () => ({ done: record.done.size, failed: record.failed, posts: entries.length, cost: record.cost });
const statusNow = () => (record.failed > 0 || record.done.size < entries.length ? 1 : 0);
if (record.done.size === entries.length && record.batches.every(({ ended }) => ended)) {
  // No stack is started for nothing.
  tell(new Bar(Date.now, standing()).text(standing()));
  process.exit(statusNow());
}
for (const [signal, status] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
  process.once(signal, () => {
    tell(stoppedText(record, entries.length));
    isStopped = true;
    // Else the stack ends first, and this process with it.
    if (url) process.exit(status);
  });
}
if (url) process.exit(await run(url));
// A post without an answer is no fault of the stack.
await withStack(({ NAMESIGHT_URL }) => run(new URL(NAMESIGHT_URL)), false);

/** Keeps other processes from these results until this process ends. Ends it where another one works on them. */
function lockOut(): void {
  const path = `${out}.state.lock`;
  try {
    process.once("exit", takeLock(path));
  } catch (error) {
    if (error instanceof Locked) {
      const { pid } = error;
      const endIt = `end it with Ctrl-C or \`kill ${pid}\``;
      const advice = values.cancel
        ? `It may send more: ${endIt}, and then cancel.`
        : `Wait until it ends, or ${endIt}.`;
      tell(`Process ${pid} works on ${out}. ${advice} If process ${pid} is another program, remove ${path}.`);
    } else {
      tell(`${out} cannot be written: ${(error as Error).message}`);
    }
    process.exit(USAGE_ERROR);
  }
}

/** The posts, and what became of them so far. Ends this process where it cannot go on with these files. */
function prepare(): { readonly entries: readonly Entry[]; readonly record: Record } {
  try {
    const text = readFileSync(file, "utf8");
    const entries = readEntries(text, values.images ?? null);
    if (entries.length === 0) throw new Error(`There are no posts in ${file}.`);
    // Null for a stack that this process starts.
    const endpoint = (url?.href ?? process.env.NAMESIGHT_URL)?.replace(/\/$/, "") || null;
    const caller = key === null ? null : digestOf(key);
    return { entries, record: new Record(out, { input: digestOf(text), endpoint, caller }) };
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    process.exit(error instanceof WrongFiles ? USAGE_ERROR : 1);
  }
}

async function run(address: URL): Promise<number> {
  try {
    const service = new Service({
      url: address,
      key,
      fetch: (input, init) => fetch(input, init),
      clock: Date.now,
      tell,
      sleep,
    });
    if (values.cancel) return (await cancelAll({ entries, record, service, tell })) > 0 ? 1 : 0;
    return await send(service);
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** Clears the line of the bar, where there is one, and says a sentence, unless the last one was said. */
function tell(sentence: string): void {
  if (isStopped) return;
  console.error(`${process.stderr.isTTY ? "\r\u001b[2K" : ""}${sentence}`);
}

async function send(service: Service): Promise<number> {
  const bar = new Bar(Date.now, standing());
  const { isTTY } = process.stderr;
  const progressed = () => {
    if (isStopped) return;
    if (isTTY) process.stderr.write(`\r\u001b[2K${bar.text(standing())}`);
    else if (bar.isTenth(standing())) console.error(bar.text(standing()));
  };
  const isOver = await sendAll({
    entries,
    record,
    service,
    maxConcurrent: values["max-concurrent"] ?? null,
    maxCost: values["max-cost"] === undefined ? null : toNanoDollars(values["max-cost"]),
    newKey: randomUUID,
    progressed,
    sleep,
  });
  tell(bar.text(standing()));
  if (isOver) console.error("The posts cost what --max-cost allows: nothing more was sent.");
  const lost = record.batches.filter((batch) => batch.id === null && isSent(batch)).length;
  if (lost > 0) {
    const were = lost === 1 ? "A batch was" : `${lost} batches were`;
    console.error(`${were} sent before and the answer was lost: its posts may run. --cancel cancels them.`);
  }
  return statusNow();
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
    if (values.help) {
      console.log(USAGE.trim());
      process.exit(0);
    }
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new TypeError("name one file of JSON lines");
    if (values.out === undefined) throw new TypeError("--out is required");
    for (const path of [file, ...(values.images === undefined ? [] : [values.images])]) {
      if (!existsSync(path)) throw new TypeError(`there is no ${path}`);
    }
    const folder = dirname(values.out);
    if (!existsSync(folder)) throw new TypeError(`there is no folder ${folder} for --out`);
    if (values.retry && values.cancel) throw new TypeError("--retry sends posts, and --cancel cancels them");
    const fault = faultOfOptions(values);
    if (fault !== null) throw new TypeError(fault);
    return { file, out: values.out, values };
  } catch (error) {
    return refuseUsage(error instanceof Error ? error.message : String(error), USAGE);
  }
}
