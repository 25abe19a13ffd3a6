import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";
import { onTestFinished } from "vitest";
import { toUsd } from "../../schemas/money.ts";
import { type PaidOperation, priceOf } from "../../schemas/prices.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { type ProblemCode, problemDocument } from "../../schemas/problem.ts";
import { encodeColumns } from "../../schemas/rle.ts";

/** What the server does with one request in place of answering it. */
export type Fault =
  | { readonly problem: ProblemCode; readonly retryAfter?: string; readonly status?: number }
  | { readonly body: string; readonly status?: number }
  /** Closes the connection before the answer, or after half of it. */
  | "hang up"
  | "half an answer"
  /** Never answers. */
  | "silence"
  /** Answers another caller's connection, and not this one: the request has run, and its answer is lost. */
  | "lost answer";

/** What was asked. */
export interface Asked {
  readonly boxes: ReadonlyArray<{ box: [number, number, number, number]; type?: string }>;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly masks: string;
  readonly name: string;
}

/** `POST /v1/segment` on a port of this machine, whose mask of a box is the whole box. */
export interface SegmentServer {
  readonly url: string;
  readonly asked: Asked[];
  /** What happens to the next requests, in their order. */
  readonly faults: Fault[];
  /** What was charged in all, in nano-dollars. */
  readonly charged: number;
  /** Requests that run at the same time, at most. */
  readonly most: number;
  close(): Promise<void>;
}

/** The mask of all pixels whose centre is inside a box. */
export function boxMask([x1, y1, x2, y2]: readonly number[], width: number, height: number): RleMask {
  const edge = (value = 0) => Math.ceil(value - 0.5);
  const columns = Array.from({ length: width }, (_, x) => (x >= edge(x1) && x < edge(x2) ? [edge(y1), edge(y2)] : []));
  return encodeColumns(columns, { width, height });
}

/**
 * Starts the server. It is closed when the test ends.
 *
 * @param change changes an answer before it is sent
 */
export async function startSegmentServer(
  change: (answer: Record<string, unknown>) => unknown = (answer) => answer,
): Promise<SegmentServer> {
  const kept = new Map<string, string>();
  const state = { asked: [] as Asked[], faults: [] as Fault[], charged: 0, most: 0 };
  let running = 0;
  const answerOf = async (asked: Asked, image: Buffer): Promise<string> => {
    const before = asked.idempotencyKey && kept.get(asked.idempotencyKey);
    if (before) return before;
    const { width, height } = (await sharp(image).metadata()).autoOrient;
    const price = priceOf("segment" satisfies PaidOperation, { calls: 1, entities: 0, masks: asked.boxes.length });
    state.charged += price;
    const answer = change({
      id: "req_1",
      image: { width, height, sha256: createHash("sha256").update(image).digest("hex") },
      masks: asked.boxes.map(({ box }, index) => ({
        id: `r${index + 1}`,
        mask: boxMask(box, width, height),
        mask_reason: null,
      })),
      charge: asked.authorization === undefined ? null : { amount_usd: toUsd(price) },
    });
    const text = JSON.stringify(answer);
    if (asked.idempotencyKey) kept.set(asked.idempotencyKey, text);
    return text;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    state.most = Math.max(state.most, ++running);
    response.once("close", () => running--);
    const { asked, image } = await readQuestion(request);
    state.asked.push(asked);
    const fault = state.faults.shift();
    if (fault === "silence") return;
    if (fault === "hang up") return void request.socket.destroy();
    if (fault === "lost answer") return void answerOf(asked, image).then(() => request.socket.destroy());
    if (typeof fault === "object") return refuse(response, fault);
    const text = await answerOf(asked, image);
    response.setHeader("content-type", "application/json");
    if (fault !== "half an answer") return void response.end(text);
    response.setHeader("content-length", Buffer.byteLength(text));
    response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  onTestFinished(close);
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close });
}

async function readQuestion(request: IncomingMessage): Promise<{ asked: Asked; image: Buffer }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const headers = { "content-type": String(request.headers["content-type"]) };
  const form = await new Response(Buffer.concat(parts), { headers }).formData();
  const image = form.get("image") as File;
  const { authorization, "idempotency-key": idempotencyKey } = request.headers;
  const asked = {
    boxes: JSON.parse(String(form.get("boxes"))),
    masks: String(form.get("masks")),
    name: image.name,
    authorization,
    idempotencyKey: idempotencyKey === undefined ? undefined : String(idempotencyKey),
  };
  return { asked, image: Buffer.from(await image.arrayBuffer()) };
}

function refuse(response: ServerResponse, fault: Exclude<Fault, string>): void {
  if ("body" in fault) return void response.writeHead(fault.status ?? 200).end(fault.body);
  const problem = problemDocument(fault.problem, "This is why.");
  const headers = {
    "content-type": "application/problem+json",
    ...(fault.retryAfter !== undefined && { "retry-after": fault.retryAfter }),
  };
  response.writeHead(fault.status ?? problem.status, headers).end(JSON.stringify(problem));
}

/** A picture of one colour. */
export function plainPicture(width: number, height: number, orientation = 1): Promise<Buffer> {
  const background = { r: 90, g: 120, b: 30 };
  const picture = sharp({ create: { width, height, channels: 3, background } });
  return picture.withMetadata({ orientation }).jpeg().toBuffer();
}
