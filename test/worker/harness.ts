import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach } from "vitest";
import type { Box, Size } from "../../schemas/primitives.ts";
import { Problem } from "../../schemas/problem.ts";
import { RecognizeAnswer } from "../../schemas/recognize.ts";
import { createApp } from "../../src/app.ts";
import { readBindings, type World } from "../../src/bindings.ts";
import { calmSleep } from "../support/calm-sleep.ts";
import { IdleJobs } from "../support/jobs/idle-jobs.ts";
import { blackPng, dataUrl } from "../support/png.ts";
import { encodeRle } from "../support/rle.ts";
import { ScriptedCog } from "../support/scripted-cog.ts";

/** What one test keeps is not there for the next. */
beforeEach(async () => {
  for (const { name } of (await env.EXPANSIONS.list()).keys) await env.EXPANSIONS.delete(name);
  for (const bucket of [env.MASKS, env.PICTURES]) {
    for (const { key } of (await bucket.list()).objects) await bucket.delete(key);
  }
});

/** Noon of a day, and every id the same, so that answers can be compared. */
export const NOON = Date.UTC(2026, 10, 23, 12);

export interface Harness {
  readonly cog: ScriptedCog;
  /** Structured lines that were logged. */
  readonly lines: Record<string, unknown>[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** A JSON post, to `/v1/recognize` where no other path is given. */
  post(body: unknown, headers?: Record<string, string>, path?: string): Promise<Response>;
}

/**
 * The app over this test's KV and R2, with scripted models in place of the network. Resolves with an answer once
 * `waitUntil` is done.
 */
export function startApp(
  cog: ScriptedCog = scriptedPost(),
  world: World = {},
  variables: Partial<Record<string, unknown>> = {},
): Harness {
  const lines: Record<string, unknown>[] = [];
  const idle = new IdleJobs();
  const calm = {
    fetch: cog.fetch,
    clock: () => NOON,
    randomBytes: (length: number) => new Uint8Array(length),
    log: (line: object) => lines.push({ ...line }),
    sleep: calmSleep,
    chance: () => 0,
  };
  // A job would run on after its test.
  const jobs = { JOBS: { getByName: (name: string) => idle.at(name) } };
  const app = createApp(readBindings({ ...env, ...jobs, ...variables } as unknown as Env, { ...calm, ...world }));
  const fetch = async (path: string, init?: RequestInit) => {
    const context = createExecutionContext();
    const response = await app.fetch(new Request(new URL(path, "https://namesight.test"), init), env, context);
    await waitOnExecutionContext(context);
    return response;
  };
  const post = (body: unknown, headers: Record<string, string> = {}, path = "/v1/recognize") =>
    fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  return { cog, lines, fetch, post };
}

export const TEXT = "Eileen Collins met Felix in Houston";
export const SIZE: Size = { width: 80, height: 60 };
export const COLLINS: Box = { xmin: 10, ymin: 10, xmax: 40, ymax: 50 };
export const picture = async () => dataUrl(await blackPng(SIZE.width, SIZE.height));

/** The mask of a whole box. */
export function boxMask(box: Box, size: Size = SIZE) {
  const inside = (index: number) => {
    const [x, y] = [index % size.width, Math.floor(index / size.width)];
    return Number(x >= box.xmin && x < box.xmax && y >= box.ymin && y < box.ymax);
  };
  return encodeRle(
    Uint8Array.from({ length: size.width * size.height }, (_, index) => inside(index)),
    size,
  );
}

type Asked = { id: string; text: string; box: Box };
const ran = { model: "scripted", version: "7" };

const JUDGEMENTS: Readonly<Record<string, object>> = {
  "Eileen Collins": { visible: true, score: 0.9, method: "scripted-yes" },
  Felix: { visible: null, score: null, method: "scripted-doubt", reason: "undecided" },
  Houston: { visible: false, score: 0.1, method: "scripted-no" },
};
const GROUNDINGS: Readonly<Record<string, object>> = {
  "Eileen Collins": { box: COLLINS, score: 0.8 },
  Felix: { box: { xmin: 50, ymin: 20, xmax: 70, ymax: 40 }, score: null },
  Houston: { box: { xmin: 0, ymin: 0, xmax: 80, ymax: 60 }, score: 0.2 },
};

/**
 * Models for TEXT: e1 Eileen Collins is seen with one box, e2 Felix is undecided with one box, e3 Houston is not seen.
 */
export function scriptedPost(): ScriptedCog {
  const found = (text: string, type: string, score: number) => ({
    text,
    start: TEXT.indexOf(text),
    end: TEXT.indexOf(text) + text.length,
    type,
    score,
  });
  return new ScriptedCog()
    .on("mner", () => ({
      ...ran,
      mentions: [found("Eileen Collins", "PER", 0.98), found("Felix", "OTHER", 0.6), found("Houston", "LOC", 0.9)],
    }))
    .on("expansion", ({ input }) => ({
      ...ran,
      expressions: (input.entities as Asked[]).map(({ id, text }) => ({
        id,
        text: `the one called ${text}`,
        method: "template",
      })),
    }))
    .on("entailment", ({ input }) => ({
      ...ran,
      judgements: (input.entities as Asked[]).map(({ id, text }) => ({ id, calibrated: false, ...JUDGEMENTS[text] })),
    }))
    .on("grounding", ({ input }) => ({
      ...ran,
      groundings: (input.entities as Asked[]).map(({ id, text }) => ({
        id,
        regions: [{ method: "scripted-box", ...GROUNDINGS[text] }],
      })),
    }))
    .on("segmentation", ({ input }) => ({
      ...ran,
      masks: (input.boxes as Asked[]).map(({ id, box }) => ({
        id,
        mask: boxMask(box),
        score: 0.7,
        method: "scripted-mask",
      })),
    }))
    .on("picture", ({ input }) => ({ ...ran, image: input.image, ...SIZE, original: SIZE }));
}

/** The answer, once it keeps the contract. */
export async function readAnswer(response: Response): Promise<RecognizeAnswer> {
  return RecognizeAnswer.parse(await response.json());
}

/** The problem document, once it keeps the contract: type, status and request id agree with the response. */
export async function readProblem(response: Response): Promise<Problem> {
  const problem = Problem.parse(await response.json());
  const agreed =
    response.headers.get("content-type") === "application/problem+json" &&
    problem.status === response.status &&
    problem.type === `/problems/${problem.code}` &&
    problem.request_id === response.headers.get("x-request-id");
  if (!agreed) throw new Error(`not a problem document of ours: ${JSON.stringify(problem)}`);
  return problem;
}

export function entity(answer: RecognizeAnswer, id: string): RecognizeAnswer["entities"][number] {
  const found = answer.entities.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no entity ${id}`);
  return found;
}
