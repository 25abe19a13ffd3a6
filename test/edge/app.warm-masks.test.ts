import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Box } from "../../schemas/primitives.ts";
import { RecognizeAnswer } from "../../schemas/recognize.ts";
import { rleBounds } from "../../schemas/rle.ts";
import { encodeMaskPng } from "../../src/image/mask-png.ts";
import { type Fault, HostSession } from "../support/hosted/script.ts";
import { startHostedServer } from "../support/hosted/server.ts";
import { encodeRle } from "../support/rle.ts";
import { type Edge, startEdge } from "./miniflare.ts";

/**
 * The whole chain with masks by each of the hosts that keep their model warm: the deployed bundle inside workerd, real
 * sockets, and one chain of all three, of which a post takes the first that answers.
 */
const SIZE = { width: 120, height: 80 };
const BOX: Box = { xmin: 30, ymin: 10, xmax: 72, ymax: 60 };
const DOWN: Fault = { kind: "status", status: 402, body: '{"detail":"t0ken: no credit"}' };
const NONE: Fault = { kind: "none" };
const KEYS = { FAL_KEY: "fal-t0ken", ROBOFLOW_API_KEY: "roboflow-t0ken", MOONDREAM_API_KEY: "moondream-t0ken" };

const completion = (content: string) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_795_000_000,
  model: "llm-1",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});
const shares = {
  x_min: BOX.xmin / SIZE.width,
  y_min: BOX.ymin / SIZE.height,
  x_max: BOX.xmax / SIZE.width,
  y_max: BOX.ymax / SIZE.height,
};
const usage_info = { input_tokens: 740, output_tokens: 40, decode_time_ms: 1, prefill_time_ms: 1, ttft_ms: 1 };

let host: Awaited<ReturnType<typeof startHostedServer>>;
let session: HostSession;
let edge: Edge;

beforeAll(async () => {
  host = await startHostedServer();
  const mask = encodeRle(
    Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, index) => {
      const [x, y] = [index % SIZE.width, Math.floor(index / SIZE.width)];
      return Number(x >= BOX.xmin && x < BOX.xmax && y >= BOX.ymin && y < BOX.ymax);
    }),
    SIZE,
  );
  const png = `data:image/png;base64,${Buffer.from(await encodeMaskPng(mask)).toString("base64")}`;
  session = await HostSession.open(host.url, {
    replies: {
      "chat llm": [completion('{"entities":[{"text":"Eileen Collins","type":"PER"}]}')],
      "chat writer": [completion('{"expressions":[{"id":"e1","expression":"a woman in an orange suit"}]}')],
      "fal fal-ai/moondream3-preview/caption": [{ finish_reason: "stop", output: "A woman in a suit.", usage_info }],
      "moondream query": [{ answer: "Yes" }],
      "moondream detect": [{ objects: [shares] }],
      "moondream segment": [{ path: "M0,0L1,0L1,1L0,1z", bbox: shares }],
      "fal fal-ai/sam-3-1/image": [{ masks: [{ url: png, ...SIZE }], scores: [0.93] }],
      "roboflow sam3": [{ predictions: [{ masks: mask, confidence: 0.88, format: "rle" }], time: 0.3 }],
    },
    // Each post has one caption by fal before its mask. The second post finds fal down, the third Roboflow as well.
    faults: { fal: [NONE, NONE, NONE, DOWN, NONE, DOWN], roboflow: [NONE, DOWN] },
  });
  const places = {
    "https://fal.run": session.at("fal/run"),
    "https://serverless.roboflow.com": session.at("roboflow"),
    "https://api.moondream.ai/v1": session.at("moondream/v1"),
  };
  edge = await startEdge({
    async outbound(request) {
      const [from, to] = Object.entries(places).find(([prefix]) => request.url.startsWith(prefix)) ?? ["", ""];
      const body = request.method === "POST" ? await request.text() : null;
      return fetch(request.url.replace(from, to), { method: request.method, headers: request.headers, body });
    },
    variables: {
      ...KEYS,
      CAPTION: "fal/fal-ai/moondream3-preview/caption",
      MNER: "openai:chat/llm",
      EXPANSION: "openai:chat/writer",
      ENTAILMENT: "moondream/query",
      GROUNDING: "moondream/detect",
      SEGMENTATION: "fal/fal-ai/sam-3-1/image, roboflow/sam3, moondream/segment",
      ENDPOINT_CHAT: session.at("chat/v1"),
    },
  });
});
afterAll(async () => {
  await edge?.stop();
  host?.server.closeAllConnections();
  host?.server.close();
});

/** One post's answer. Posts differ in their text and their picture, so that nothing comes from a cache. */
async function post(place: string): Promise<RecognizeAnswer> {
  const background = { r: place.charCodeAt(place.length - 1), g: 100, b: 100 };
  const picture = await sharp({ create: { ...SIZE, channels: 3, background } })
    .jpeg()
    .toBuffer();
  const form = new FormData();
  form.set("text", `Eileen Collins ${place}`);
  form.set("image", new Blob([new Uint8Array(picture)], { type: "image/jpeg" }));
  const response = await fetch(new URL("/v1/recognize", edge.url), { method: "POST", body: form });
  const text = await response.text();
  expect([response.status, text.includes("t0ken")]).toEqual([200, false]);
  return RecognizeAnswer.parse(JSON.parse(text));
}

test("has masks from fal, from Roboflow when fal is down, and from Moondream when both are", async () => {
  for (const [place, provider, method, score, failed] of [
    ["at noon", "fal", "sam3", 0.93, []],
    ["at home", "roboflow", "sam3", 0.88, ["fal"]],
    ["at last", "moondream", "moondream-segment", null, ["fal", "roboflow"]],
  ] as const) {
    const answer = await post(place);
    const [region] = answer.entities[0]?.regions ?? [];
    const mask = region?.mask;
    if (!mask || !("counts" in mask)) throw new Error(`no mask from ${provider}: ${JSON.stringify(answer.problems)}`);
    expect(rleBounds(mask)).toEqual(BOX);
    expect(region).toMatchObject({ box: BOX, mask_method: method, mask_score: score, mask_reason: null });
    const segmented = answer.stages.filter(({ stage }) => stage === "segmentation");
    expect(segmented.map((record) => record.provider)).toEqual([...failed, provider]);
    expect(segmented.every(({ attempts }) => attempts === 1)).toBe(true);
    const { pathname, search } = new URL(region?.mask_url ?? "");
    expect((await fetch(new URL(pathname + search, edge.url))).headers.get("content-type")).toBe("image/png");
  }
});

test("sends each key to its own host, in a header and nowhere else", async () => {
  const expected: Record<string, object> = {
    chat: {},
    fal: { authorization: `Key ${KEYS.FAL_KEY}` },
    roboflow: { authorization: `Bearer ${KEYS.ROBOFLOW_API_KEY}` },
    moondream: { "x-moondream-auth": KEYS.MOONDREAM_API_KEY },
  };
  const calls = await session.calls();
  expect(new Set(calls.map(({ operation }) => operation))).toEqual(new Set(Object.keys(expected)));
  for (const { operation, headers, path, search, body } of calls) {
    expect(headers).toMatchObject(expected[operation] ?? {});
    const others = Object.entries(KEYS).filter(([, key]) => !JSON.stringify(expected[operation]).includes(key));
    for (const [, key] of others) expect(JSON.stringify(headers)).not.toContain(key);
    expect(JSON.stringify([path, search, body])).not.toContain("t0ken");
  }
});

test("tells Moondream the expression of the box", async () => {
  const segmented = (await session.calls("moondream")).filter(({ path }) => path.endsWith("/segment"));
  expect(segmented.map(({ body }) => (body as { object: string }).object)).toEqual(["a woman in an orange suit"]);
});
