import { expect, test } from "vitest";
import { Api, ApiRefusal } from "../../../src/mcp/api.ts";
import { answerByJob, outcomeOf } from "../../../src/mcp/outcome.ts";

type Answers = Readonly<Record<string, () => Response>>;

/** An API that answers by method and path, and what it was asked. */
function scripted(answers: Answers) {
  const asked: string[] = [];
  const send = async ({ method, url }: Request) => {
    const { pathname, search } = new URL(url);
    asked.push(`${method} ${pathname}${search}`);
    return answers[`${method} ${pathname}`]?.() ?? Response.json({ code: "not_found" }, { status: 404 });
  };
  return { asked, api: new Api(send, "https://namesight.test", {}) };
}

const JOB = "/v1/jobs/req_1";
const begun = { "POST /v1/recognize": () => Response.json({ id: "req_1" }, { status: 202 }) };
const stream = (...events: readonly [string, object][]) =>
  new Response(events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(""));
const waitFor = (options: object = {}) => ({
  canceled: new AbortController().signal,
  waitMs: 1_000,
  timer: () => new AbortController().signal,
  tell: () => undefined,
  ...options,
});

test("has the answer that the stream ends with", async () => {
  const told: string[] = [];
  const entity = { id: "e1", text: "Felix", type: "PER", coarse_type: null };
  const events = () => stream(["mention", { entity }], ["end", { id: "req_1", entities: [] }]);
  const { api, asked } = scripted({ ...begun, [`GET ${JOB}/events`]: events });
  const tell = (message: string) => void told.push(message);
  const outcome = await answerByJob(api, "/v1/recognize", {}, waitFor({ tell }));
  expect(outcome).toMatchObject({ jobId: "req_1", state: "succeeded", answer: { entities: [] } });
  expect(told).toEqual(["Found Felix (PER) in the text."]);
  expect(asked).toEqual(["POST /v1/recognize", `GET ${JOB}/events`]);
});

test("has the state of a job that nobody waits for, or whose time is over", async () => {
  const never = () => new Response(new ReadableStream());
  const running = () => Response.json({ state: "running" });
  const { api, asked } = scripted({ ...begun, [`GET ${JOB}/events`]: never, [`GET ${JOB}`]: running });
  const still = { jobId: "req_1", state: "running", answer: null, paymentResponse: null };
  expect(await answerByJob(api, "/v1/recognize", {}, waitFor({ waitMs: 0 }))).toEqual(still);
  expect(asked).not.toContain(`GET ${JOB}/events`);
  expect(await answerByJob(api, "/v1/recognize", {}, waitFor({ timer: () => AbortSignal.abort() }))).toEqual(still);
});

test("throws why a job failed", async () => {
  const failed = {
    [`GET ${JOB}/events`]: () => stream(["problem", { code: "stage_failed" }]),
    [`GET ${JOB}`]: () => Response.json({ state: "failed" }),
    [`GET ${JOB}/result`]: () => Response.json({ code: "stage_failed" }, { status: 502 }),
  };
  const failing = answerByJob(scripted({ ...begun, ...failed }).api, "/v1/recognize", {}, waitFor());
  await expect(failing).rejects.toMatchObject({ problem: { code: "stage_failed" } });
});

test("cancels the job of a call that is canceled", async () => {
  const gone = {
    [`GET ${JOB}/events`]: () => new Response(new ReadableStream()),
    [`DELETE ${JOB}`]: () => Response.json({ state: "canceled" }),
    [`GET ${JOB}`]: () => Response.json({ state: "canceled" }),
    [`GET ${JOB}/result`]: () => Response.json({ code: "result_gone" }, { status: 410 }),
  };
  const { api, asked } = scripted({ ...begun, ...gone });
  const failing = answerByJob(api, "/v1/recognize", {}, waitFor({ canceled: AbortSignal.abort() }));
  await expect(failing).rejects.toBeInstanceOf(ApiRefusal);
  expect(asked).toContain(`DELETE ${JOB}`);
});

test("asks for a job by the id that was given, whatever it is", async () => {
  const { api, asked } = scripted({});
  await expect(outcomeOf(api, "../balance", 5)).rejects.toBeInstanceOf(ApiRefusal);
  expect(asked).toEqual(["GET /v1/jobs/..%2Fbalance?wait=5"]);
});
