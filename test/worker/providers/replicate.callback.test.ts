import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import type { World } from "../../../src/bindings.ts";
import { type Fault, type HostScript, HostSession, type SignedDelivery } from "../../support/hosted/script.ts";
import { sign } from "../../support/hosted/webhook.ts";
import { type Harness, NOON, picture, scriptedPost, startApp } from "../harness.ts";
import { sleepForEver } from "./start.ts";

const VERSION = "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==";
const NOW = NOON / 1000;
const PUBLIC_URL = "https://api.namesight.test";
const output = { detections: [{ bbox: [1, 2, 30, 40], label: "a woman", confidence: 0.5 }] };
const regions = [{ box: { xmin: 1, ymin: 2, xmax: 30, ymax: 40 }, score: 0.5, method: "grounding-dino" }];
const processing: Fault = { kind: "prediction", status: "processing" };
const running: HostScript = {
  replies: { [`replicate ${VERSION}`]: [output] },
  faults: { "replicate.create": [processing] },
  webhooks: { secret: SECRET, now: NOW },
};

let requests = 0;

/** The app with grounding by a Replicate model, at a host that follows the script. */
async function deploy(
  script: HostScript,
  world: World = {},
  variables: Record<string, string> = {},
): Promise<{ app: Harness; session: HostSession }> {
  const session = await HostSession.open(inject("hosted"), script);
  const test = ++requests;
  const unlike = (length: number) =>
    Uint8Array.from({ length }, (_, index) => (index < 4 ? (test >> (8 * index)) & 255 : 7));
  const app = startApp(
    scriptedPost(),
    { fetch: (url, init) => fetch(url, init), randomBytes: unlike, ...world },
    {
      PUBLIC_URL,
      REPLICATE_WEBHOOK_SECRET: SECRET,
      GROUNDING: "replicate:test/adirik/grounding-dino",
      ENDPOINT_TEST: session.at("replicate/v1"),
      ENDPOINT_TEST_TOKEN: "t0ken",
      ...variables,
    },
  );
  return { app, session };
}

const ground = async (app: Harness) =>
  app.post({ image: await picture(), entities: [{ text: "Collins", expression: "a woman" }] }, {}, "/v1/ground");
/** The status with which the app answers a callback. */
async function deliver(app: Harness, message: SignedDelivery | undefined): Promise<number> {
  const { url, headers, body } = message ?? { url: PUBLIC_URL, headers: {}, body: "" };
  return (await app.fetch(new URL(url).pathname, { method: "POST", headers, body })).status;
}

const operations = async (session: HostSession) =>
  (await session.calls()).map(({ operation }) => operation.replace("replicate.", ""));

describe("a Worker that Replicate can reach", () => {
  test("takes the result from the callback, without a poll", async () => {
    const { app, session } = await deploy(running, { sleep: sleepForEver });
    const answering = ground(app);
    const [created] = await session.until((calls) => calls.length > 0);
    expect(created?.body).toMatchObject({
      webhook: expect.stringMatching(/^https:\/\/api\.namesight\.test\/hooks\/replicate\/[0-9a-f]{32}$/),
      webhook_events_filter: ["completed"],
    });
    const [message] = await session.deliveries(1);
    expect(await deliver(app, message)).toBe(204);
    const answer = await answering;
    expect(await answer.json()).toMatchObject({
      groundings: [{ regions }],
      stages: [{ stage: "grounding", version: VERSION, attempts: 1 }],
    });
    expect(await operations(session)).toEqual(["create"]);
  });

  test("takes the result when the callback comes before the create has answered", async () => {
    const { app, session } = await deploy(running, {
      sleep: sleepForEver,
      async fetch(url, init) {
        const response = await fetch(url, init);
        const [message] = await session.deliveries(1);
        expect(await deliver(app, message)).toBe(204);
        return response;
      },
    });
    expect(await (await ground(app)).json()).toMatchObject({ groundings: [{ regions }] });
    expect(await operations(session)).toEqual(["create"]);
  });

  test("refuses a forged callback and polls for the result", async () => {
    const deliveries = [{ tells: "end", forged: true }] as const;
    const { app, session } = await deploy(
      { ...running, webhooks: { secret: SECRET, now: NOW, deliveries } },
      {
        async sleep() {
          const [message] = await session.deliveries(1);
          expect(await deliver(app, message)).toBe(403);
        },
      },
    );
    expect(await (await ground(app)).json()).toMatchObject({ groundings: [{ regions }] });
    expect(await operations(session)).toEqual(["create", "get"]);
  });
});

describe("a Worker that Replicate cannot reach", () => {
  test.each([
    ["it has no public address", { PUBLIC_URL: "" }],
    ["its address is on this machine", { PUBLIC_URL: "http://127.0.0.1:8787" }],
    ["its address has no TLS", { PUBLIC_URL: "http://api.namesight.test" }],
    ["it has no secret to verify callbacks", { REPLICATE_WEBHOOK_SECRET: "" }],
  ])("asks for no callback and polls when %s", async (_, variables) => {
    const { app, session } = await deploy(running, {}, variables);
    expect(await (await ground(app)).json()).toMatchObject({ groundings: [{ regions }] });
    const [created] = await session.calls();
    expect(created?.body).not.toHaveProperty("webhook");
    expect(created?.body).not.toHaveProperty("webhook_events_filter");
    expect(await operations(session)).toEqual(["create", "get"]);
  });
});

describe("callbacks and polls, in any order,", () => {
  type Event = "poll" | "end" | "processing" | "other prediction" | "forged" | "old";
  const events = fc.array(fc.constantFrom<Event>("poll", "end", "processing", "other prediction", "forged", "old"), {
    maxLength: 6,
  });

  /** The body of a callback. A forged or old one says the contrary of the truth. */
  const say = (event: Event, id: string, status: string) => {
    const truth = {
      id,
      status,
      version: VERSION,
      output: status === "succeeded" ? output : null,
      error: null,
      input: {},
    };
    if (event === "processing") return { ...truth, status: "processing", output: null };
    if (event === "other prediction") return { ...truth, id: "p999", status: "canceled" };
    if (event === "forged" || event === "old")
      return { ...truth, status: status === "failed" ? "succeeded" : "failed", output };
    return truth;
  };

  test.each([["succeeded"], ["failed"]])("give the result of the prediction when it %s", async (status) => {
    await fc.assert(
      fc.asyncProperty(events, async (order) => {
        const polls = order.filter((event) => event === "poll").length;
        const end: Fault[] = status === "failed" ? [{ kind: "prediction", status }] : [];
        const faults = {
          "replicate.create": [processing],
          "replicate.get": [...Array<Fault>(polls).fill(processing), ...end],
        };
        const pending = [...order];
        // The events that come before the next poll.
        const meanwhile = async () => {
          for (let event = pending.shift(); event && event !== "poll"; event = pending.shift()) {
            const [{ url } = { url: "" }] = await session.deliveries(1);
            const body = JSON.stringify(say(event, "p1", status));
            const headers = await sign(
              event === "forged" ? OTHER : SECRET,
              "m1",
              event === "old" ? NOW - 301 : NOW,
              body,
            );
            expect(await deliver(app, { url, headers, body })).toBe(event === "forged" || event === "old" ? 403 : 204);
          }
        };
        const { app, session } = await deploy({ ...running, faults }, { sleep: () => meanwhile() });
        const answer = await ground(app);
        expect(answer.status).toBe(status === "succeeded" ? 200 : 502);
        expect(await session.calls("replicate.create")).toHaveLength(1);
        if (status === "succeeded") expect(await answer.json()).toMatchObject({ groundings: [{ regions }] });
        else
          expect(await answer.json()).toMatchObject({
            code: "stage_failed",
            detail: "replicate:test/adirik/grounding-dino failed on this input.",
          });
      }),
      { numRuns: 25 },
    );
  });
});
