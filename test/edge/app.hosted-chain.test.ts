import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Box } from "../../schemas/primitives.ts";
import { RecognizeAnswer } from "../../schemas/recognize.ts";
import { rleBounds } from "../../schemas/rle.ts";
import { freePort } from "../../scripts/stack/ports.ts";
import { encodeMaskPng } from "../../src/image/mask-png.ts";
import { sniffPicture } from "../../src/image/sniff.ts";
import { type HostScript, HostSession } from "../support/hosted/script.ts";
import { startHostedServer } from "../support/hosted/server.ts";
import { encodeRle } from "../support/rle.ts";
import { type Edge, startEdge } from "./miniflare.ts";

/**
 * The whole chain with every stage hosted and no `functions/`: the deployed bundle inside workerd, real sockets, and
 * models that speak their vendors' protocols and fetch the picture by the link that they get.
 */
const TEXT = "Eileen Collins in Houston";
const DINO = "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa";
const TRYOUT = "72d58a6b199b075ba3a2c1a0e0951384b819a0f6d99ba6c326727fb464a7c792";
const UPRIGHT = { width: 120, height: 80 };
const BOX: Box = { xmin: 30, ymin: 10, xmax: 70, ymax: 60 };

const completion = (content: string, choice: object = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_795_000_000,
  model: "vlm-2026-10-01",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content }, ...choice }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});
const firstToken = (yes: number, no: number) => ({
  finish_reason: "length",
  logprobs: {
    content: [
      {
        token: "Yes",
        logprob: Math.log(yes),
        bytes: null,
        top_logprobs: [
          { token: "Yes", logprob: Math.log(yes), bytes: null },
          { token: "No", logprob: Math.log(no), bytes: null },
        ],
      },
    ],
  },
});

let host: Awaited<ReturnType<typeof startHostedServer>>;
let session: HostSession;
let edge: Edge;
/** Pictures that models got while the request ran. */
const received: Array<{ status: number; by: "link" | "data"; width: number; height: number; orientation: number }> = [];

beforeAll(async () => {
  host = await startHostedServer();
  const mask = encodeRle(
    Uint8Array.from({ length: UPRIGHT.width * UPRIGHT.height }, (_, index) => {
      const [x, y] = [index % UPRIGHT.width, Math.floor(index / UPRIGHT.width)];
      return Number(x >= BOX.xmin && x < BOX.xmax && y >= BOX.ymin && y < BOX.ymax);
    }),
    UPRIGHT,
  );
  const script: HostScript = {
    replies: {
      "chat captioner": [completion("A woman in an orange suit before a flag.")],
      "chat llm": [completion('{"entities":[{"text":"Eileen Collins","type":"PER"},{"text":"Houston","type":"LOC"}]}')],
      "chat writer": [
        completion(
          '```json\n{"expressions":[{"id":"e1","expression":"a woman in an orange space suit"},{"id":"e2","expression":"the city of Houston"}]}\n```',
        ),
      ],
      "chat judge": [completion("Yes", firstToken(0.9, 0.05))],
      [`replicate ${DINO}`]: [
        {
          detections: [{ bbox: [BOX.xmin, BOX.ymin, BOX.xmax, BOX.ymax], label: "a woman", confidence: 0.77 }],
          result_image: null,
        },
      ],
      [`replicate ${TRYOUT}`]: [["https://replicate.delivery/xezq/abc/mask_0.png"]],
    },
    files: {
      "xezq/abc/mask_0.png": { type: "image/png", base64: Buffer.from(encodeMaskPng(mask)).toString("base64") },
    },
  };
  session = await HostSession.open(host.url, script);
  const port = await freePort();
  edge = await startEdge({
    port,
    outbound: async (request) => {
      const url = request.url.replace("https://replicate.delivery", session.base.href);
      const body = request.method === "POST" ? await request.text() : null;
      await receivePictures(body ?? "");
      return fetch(url, { method: request.method, headers: request.headers, body, redirect: "manual" });
    },
    variables: {
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PICTURE: "images/upright",
      CAPTION: "openai:chat/captioner",
      MNER: "openai:chat/llm",
      EXPANSION: "openai:chat/writer",
      ENTAILMENT: "openai:chat/judge",
      GROUNDING: "replicate:gpu/adirik/grounding-dino",
      SEGMENTATION: "replicate:gpu/yyjim/segment-anything-tryout",
      ENDPOINT_CHAT: session.at("chat/v1"),
      ENDPOINT_CHAT_TOKEN: "chat-t0ken",
      ENDPOINT_GPU: session.at("replicate/v1"),
      ENDPOINT_GPU_TOKEN: "gpu-t0ken",
    },
  });
});
afterAll(async () => {
  await edge?.stop();
  host?.server.closeAllConnections();
  host?.server.close();
});

/** Fetches every picture that a request links to, as a GPU host would, and decodes those that it contains. */
async function receivePictures(body: string): Promise<void> {
  for (const [link, data] of body.matchAll(
    /http:\/\/127\.0\.0\.1:\d+\/v1\/pictures\/[^"\\]+|data:image\/jpeg;base64,([^"]+)/g,
  )) {
    const response = data ? null : await fetch(link);
    const bytes = data ? Buffer.from(data, "base64") : await response?.arrayBuffer();
    const { upright, orientation } = sniffPicture(new Uint8Array(bytes ?? []));
    received.push({ status: response?.status ?? 200, by: data ? "data" : "link", ...upright, orientation });
  }
}

/** A post whose picture lies on its side: 80 × 120 as stored, 120 × 80 upright. */
async function post(accept = "application/json"): Promise<Response> {
  const stored = await sharp({
    create: { width: UPRIGHT.height, height: UPRIGHT.width, channels: 3, background: "#446688" },
  })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const form = new FormData();
  form.set("text", TEXT);
  form.set("image", new Blob([new Uint8Array(stored)], { type: "image/jpeg" }));
  return fetch(new URL("/v1/recognize", edge.url), { method: "POST", body: form, headers: { accept } });
}

test("answers with entities, boxes and masks in the caller's upright pixels", async () => {
  const response = await post();
  expect(response.status).toBe(200);
  const answer = RecognizeAnswer.parse(await response.json());
  expect(answer.problems).toEqual([]);
  expect(answer).toMatchObject({ partial: false, image: UPRIGHT });
  const [collins, houston] = answer.entities;
  expect(collins).toMatchObject({
    text: "Eileen Collins",
    type: "PER",
    score: null,
    mentions: [{ start: 0, end: 14 }],
    expression: { text: "a woman in an orange space suit", method: "llm" },
    visible: true,
    visibility: { score: 0.9474, method: "vlm-logprobs", calibrated: false, reason: null },
    regions: [{ score: 0.77, method: "grounding-dino", mask_method: "sam", mask_score: null, mask_reason: null }],
  });
  expect(houston).toMatchObject({ text: "Houston", type: "LOC" });
  const [region] = collins?.regions ?? [];
  expect(region?.box).toEqual(BOX);
  const mask = region?.mask;
  if (!mask || !("counts" in mask)) throw new Error("no mask");
  expect(rleBounds(mask)).toEqual(BOX);
  const kept = await fetch(region?.mask_url ?? "");
  expect([kept.status, kept.headers.get("content-type")]).toEqual([200, "image/png"]);
  expect(answer.stages.map(({ stage, provider }) => `${stage} ${provider}`)).toEqual([
    "picture images",
    "caption openai",
    "mner openai",
    "expansion openai",
    "entailment openai",
    "grounding replicate",
    "segmentation replicate",
  ]);
});

test("gives every model the picture upright and without metadata, and deletes it afterwards", async () => {
  // Chat models on this machine get data: they cannot follow links.
  const upright = { ...UPRIGHT, orientation: 1 };
  expect(new Set(received.map((picture) => JSON.stringify(picture)))).toEqual(
    new Set([
      JSON.stringify({ status: 200, by: "link", ...upright }),
      JSON.stringify({ status: 200, by: "data", ...upright }),
    ]),
  );
  // Caption, mentions and two verdicts; two groundings and their two masks.
  expect([
    received.filter(({ by }) => by === "data").length,
    received.filter(({ by }) => by === "link").length,
  ]).toEqual([4, 4]);
  const bucket = await edge.miniflare.getR2Bucket("PICTURES");
  expect((await bucket.list()).objects).toEqual([]);
});

test("sends each token to its own host, in a header and nowhere else", async () => {
  for (const { operation, headers, body, path } of await session.calls()) {
    const token = operation === "chat" ? "chat-t0ken" : operation.startsWith("replicate") ? "gpu-t0ken" : null;
    expect(headers.authorization ?? null).toBe(token && `Bearer ${token}`);
    expect(`${path} ${JSON.stringify(body)}`).not.toContain("t0ken");
  }
});

test("draws the overlay upright as PNG and as SVG", async () => {
  const png = await post("image/png");
  expect(png.status).toBe(200);
  const { width, height } = await sharp(Buffer.from(await png.arrayBuffer())).metadata();
  expect(Number(width) / Number(height)).toBeCloseTo(UPRIGHT.width / UPRIGHT.height, 1);
  const svg = await (await post("image/svg+xml")).text();
  expect(svg).toContain("<svg");
});
