import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeRle } from "../rle.ts";

/** A prediction that was created at the host that queues. */
interface Prediction {
  readonly id: string;
  readonly input: { readonly image: string; readonly query: string };
  readonly createdAt: number;
  readonly endsAt: number;
  canceled: boolean;
}

/** Models on a real socket that count what they ran. */
export interface CountingModels {
  readonly url: string;
  /** Predictions that ran to their end, by `{job id} {stage}`; `warming` is the call that only prepares the picture. */
  readonly ended: ReadonlyMap<string, number>;
  /** Predictions that were broken off, because the caller's process died. */
  readonly broken: () => number;
  readonly created: readonly Prediction[];
  stop(): void;
}

interface Options {
  /** Milliseconds of a prediction. */
  readonly stageMs: number;
  /** Milliseconds for which a prediction of the slow phrase boots. */
  readonly bootMs: number;
  /** The phrase whose model boots. */
  readonly slow: string;
}

const ran = { model: "counting", version: "1" };
const SIZE = { width: 80, height: 60 };
const MASK = encodeRle(
  Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, index) => {
    const [x, y] = [index % SIZE.width, Math.floor(index / SIZE.width)];
    return Number(x >= 10 && x < 40 && y >= 10 && y < 50);
  }),
  SIZE,
);

/**
 * Starts them: each stage at `/{stage}/predictions` as a Cog host that does one prediction at a time, gives the answer
 * to a repeated `Idempotency-Key` again, and breaks off what nobody waits for; and grounding as Replicate's HTTP API
 * under `/replicate/v1`, whose predictions run on whoever waits.
 */
export async function startCountingModels({ stageMs, bootMs, slow }: Options): Promise<CountingModels> {
  const ended = new Map<string, number>();
  const answers = new Map<string, string>();
  const created: Prediction[] = [];
  const queues = new Map<string, Promise<unknown>>();
  let broken = 0;

  const predict = (stage: string, input: Input, request: IncomingMessage, response: ServerResponse) => {
    const key = String(request.headers["idempotency-key"]);
    const name = `${key.split("/")[0]} ${input.warm ? "warming" : stage}`;
    const run = async () => {
      const known = answers.get(`${key} ${stage}`);
      if (!known && response.closed) return void broken++;
      if (!known) await new Promise((resolve) => setTimeout(resolve, stageMs));
      if (!known && response.closed) return void broken++;
      const answer = known ?? JSON.stringify({ status: "succeeded", output: { ...ran, ...answerOf(stage, input) } });
      if (!known) ended.set(name, (ended.get(name) ?? 0) + 1);
      answers.set(`${key} ${stage}`, answer);
      send(response, 200, answer);
    };
    queues.set(stage, (queues.get(stage) ?? Promise.resolve()).then(run));
  };
  const replicate = (request: IncomingMessage, path: string, body: string, response: ServerResponse) => {
    if (request.method === "POST" && path === "/predictions") {
      const { input } = JSON.parse(body) as Pick<Prediction, "input">;
      const createdAt = Date.now();
      const endsAt = createdAt + (input.query.includes(slow) ? bootMs : 3 * stageMs);
      created.push({ id: `p${created.length}`, input, createdAt, endsAt, canceled: false });
      return send(response, 201, JSON.stringify(shown(created.at(-1) as Prediction)));
    }
    if (path === "/predictions") {
      return send(
        response,
        200,
        JSON.stringify({ next: null, previous: null, results: created.toReversed().map(shown) }),
      );
    }
    const [, , id, cancel] = path.split("/");
    const found = created.find((one) => one.id === id);
    if (!found) return send(response, 404, JSON.stringify({ detail: "not found" }));
    if (cancel && shown(found).status !== "succeeded") found.canceled = true;
    return send(response, 200, JSON.stringify(shown(found)));
  };
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      const stage = /^\/([\w-]+)\/predictions$/.exec(path)?.[1];
      if (stage) return predict(stage, JSON.parse(body).input, request, response);
      if (path.startsWith("/replicate/v1"))
        return replicate(request, path.slice("/replicate/v1".length), body, response);
      // It knows no admissions.
      return send(response, 404, "");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url, ended, broken: () => broken, created, stop };
}

function shown({ id, input, createdAt, endsAt, canceled }: Prediction) {
  const isOver = Date.now() >= endsAt;
  const status = canceled ? "canceled" : isOver ? "succeeded" : "starting";
  const output = isOver ? { detections: [{ bbox: [10, 10, 40, 50], label: "person", confidence: 0.9 }] } : null;
  const created_at = new Date(createdAt).toISOString();
  const model = "adirik/grounding-dino";
  const version = "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa";
  return { id, model, version, input, status, output, error: null, created_at, data_removed: false };
}

interface Input {
  readonly text?: string;
  readonly entities?: readonly { readonly id: string; readonly text: string }[];
  readonly boxes?: readonly { readonly id: string }[];
  readonly warm?: boolean;
}

function answerOf(stage: string, { text = "", entities = [], boxes = [] }: Input): object {
  switch (stage) {
    case "mner":
      return { mentions: [{ text, start: 0, end: text.length, type: "PER", score: 0.9 }] };
    case "expansion":
      return {
        expressions: entities.map(({ id, text: name }) => ({ id, text: `the one called ${name}`, method: "llm" })),
      };
    case "entailment":
      return {
        judgements: entities.map(({ id }) => ({
          id,
          visible: true,
          score: 0.9,
          method: "counting",
          calibrated: false,
        })),
      };
    default:
      return { masks: boxes.map(({ id }) => ({ id, mask: MASK, score: 0.9, method: "counting" })) };
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(body);
}
