import { env } from "cloudflare:workers";
import { describe, expect, inject, test } from "vitest";
import type { Box } from "../../../../schemas/primitives.ts";
import {
  FAULTS,
  type FaultName,
  LEFT_OUT,
  LOSSES,
  type LossName,
  outcomeOf,
} from "../../../../scripts/pages/fault-matrix.ts";
import { type Fault, HostSession, type RecordedCall } from "../../../support/hosted/script.ts";
import { blackPng, dataUrl } from "../../../support/png.ts";
import { boxMask, COLLINS, readAnswer, readProblem, SIZE, startApp, TEXT } from "../../harness.ts";

/**
 * The app in workerd over real sockets: each stage has one model, all on one healthy host, except the stage that fails.
 * Retries do not wait; deadlines are real.
 */
const STAGES = Object.keys(LOSSES) as LossName[];
const NAMES = ["Eileen Collins", "Felix", "Houston"];
const BOXES: readonly Box[] = [
  COLLINS,
  { xmin: 50, ymin: 20, xmax: 70, ymax: 40 },
  { xmin: 0, ymin: 0, xmax: 80, ymax: 60 },
];
/** Milliseconds of a request whose model never answers: a loaded machine has enough for the other stages. */
const LATE_MS = 4_000;

const always = (fault: Fault) => ({ cog: Array<Fault>(40).fill(fault) });
const status = (code: number, headers: Record<string, string> = {}, body = "{}"): Fault => ({
  kind: "status",
  status: code,
  headers,
  body,
});
const AS_SENT: Readonly<Record<FaultName, Fault>> = {
  refused: { kind: "none" },
  reset: { kind: "reset" },
  cut: { kind: "cut" },
  hangs: { kind: "silent" },
  trickle: { kind: "trickle" },
  limited: status(429, { "retry-after": "1" }),
  busy: status(503, { "retry-after": "2" }),
  broken: status(500),
  unauthorized: status(401),
  half: status(200, {}, '{"status":"succeeded","output":{"mod'),
  other: status(200, {}, '{"hello":"world"}'),
  large: { kind: "endless" },
};

/** Outputs of every stage; with `count`, only about so many entities. */
function outputsOf(image: string, count = NAMES.length): Record<LossName, object[]> {
  const ran = { model: "scripted", version: "7" };
  const some = <T>(make: (index: number) => T) => NAMES.slice(0, count).map((_, index) => make(index));
  const mentions = some((index) => {
    const text = NAMES[index] as string;
    const start = TEXT.indexOf(text);
    return { text, start, end: start + text.length, type: "PER", score: 0.9 };
  });
  const id = (index: number) => `e${index + 1}`;
  const expressions = some((index) => ({ id: id(index), text: `the one called ${NAMES[index]}`, method: "llm" }));
  const judgement = { visible: true, score: 0.9, method: "judge", calibrated: false };
  const judgements = some((index) => ({ id: id(index), ...judgement }));
  const groundings = some((index) => ({
    id: id(index),
    regions: [{ box: BOXES[index], score: 0.8, method: "finder" }],
  }));
  const masks = some((index) => {
    const mask = boxMask(BOXES[index] as Box);
    return { id: `${id(index)}-r1`, mask, score: 0.7, method: "segmenter" };
  });
  return {
    picture: [{ ...ran, image, ...SIZE, original: SIZE }],
    caption: [{ ...ran, caption: "Three of them." }],
    knowledge: [{ ...ran, knowledge: "Eileen Collins flew to space." }],
    mner: [{ ...ran, mentions }],
    expansion: [{ ...ran, expressions }],
    entailment: [{ ...ran, judgements }],
    grounding: [{ ...ran, groundings }],
    // The first call only prepares the picture.
    segmentation: [
      { ...ran, masks: [] },
      { ...ran, masks },
    ],
  };
}

const repliesOf = (outputs: Readonly<Record<string, readonly unknown[]>>) =>
  Object.fromEntries(Object.entries(outputs).map(([stage, replies]) => [`cog ${stage}`, replies]));

interface Sent {
  readonly count?: number;
  readonly refused?: boolean;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** Sends a post while one stage's model is on a host with a fault of its own. */
async function send(stage: LossName, fault: Fault, { count, refused, deadlineMs, signal }: Sent = {}) {
  // Only a picture that is not upright needs its stage. Turned by half, its size stays the same.
  const image = dataUrl(await blackPng(SIZE.width, SIZE.height, stage === "picture" ? 3 : 1));
  const upright = dataUrl(await blackPng(SIZE.width, SIZE.height));
  // What one stage leaves out is not there for the next.
  const [all, some] = [outputsOf(upright), outputsOf(upright, count)];
  const rest = stage === "mner" ? some : stage === "grounding" ? { ...all, segmentation: some.segmentation } : all;
  const healthy = await HostSession.open(inject("hosted"), { replies: repliesOf(rest) });
  const faulty = await HostSession.open(inject("hosted"), {
    replies: repliesOf(outputsOf(upright, count)),
    faults: always(fault),
  });
  const entries = STAGES.map((one) => [one.toUpperCase(), `cog:${one === stage ? "faulty" : "healthy"}/${one}`]);
  const app = startApp(
    undefined,
    { fetch: (url, init) => fetch(url, init) },
    {
      ...Object.fromEntries(entries),
      ENDPOINT_HEALTHY: healthy.at("cog"),
      ENDPOINT_FAULTY: refused ? "http://127.0.0.1:1" : faulty.at("cog"),
    },
  );
  const body = JSON.stringify({ text: TEXT, image, ...(deadlineMs && { deadline_ms: deadlineMs }) });
  const headers = { "content-type": "application/json" };
  const answering = app.fetch("/v1/recognize", { method: "POST", headers, body, ...(signal && { signal }) });
  return { answering, faulty };
}

/** Captions and expressions in KV. */
const kept = async () => (await env.EXPANSIONS.list()).keys.length;

describe.each(STAGES)("when the model of %s", (stage) => {
  test.each(Object.keys(FAULTS) as FaultName[])("%s", async (fault) => {
    const { kind, calls, detail } = FAULTS[fault];
    const limits = kind === "late" ? { deadlineMs: LATE_MS } : {};
    const { answering, faulty } = await send(stage, AS_SENT[fault], { refused: fault === "refused", ...limits });
    const response = await answering;
    const expected = outcomeOf(stage, fault);
    expect(response.status).toBe(expected.status);
    const { entity, kept: keeps } = LOSSES[stage];
    if (entity === null) {
      const problem = await readProblem(response);
      expect([problem.code]).toEqual(expected.codes);
      expect(problem).toMatchObject({ stage, detail: expect.stringContaining(`cog:faulty/${stage} ${detail}`) });
      const asked = await faulty.calls("cog");
      if (fault !== "refused") expect(asked).toHaveLength(calls);
      return;
    }
    const answer = await readAnswer(response);
    expect(answer.problems.map(({ code }) => code)).toEqual(expected.codes);
    expect(answer.problems[0]).toMatchObject({ stage, detail: `cog:faulty/${stage} ${detail}.` });
    expect(answer.partial).toBe(expected.partial);
    expect(answer.entities).toMatchObject(NAMES.map((text) => ({ text, ...entity })));
    expect(answer.stages.find((record) => record.stage === stage)).toMatchObject({ attempts: calls });
    expect(await kept()).toBe(keeps);
  });

  test("is running and the caller leaves", async () => {
    const caller = new AbortController();
    const { answering, faulty } = await send(stage, { kind: "silent" }, { signal: caller.signal });
    const predictions = (all: readonly RecordedCall[]) => all.filter(({ operation }) => operation === "cog");
    await faulty.until((all) => predictions(all).length > 0);
    caller.abort();
    await answering.catch(() => undefined);
    await faulty.until((all) => predictions(all).every(({ abandoned }) => abandoned));
    // Not kept: what was not answered.
    expect(await kept()).toBeLessThanOrEqual(LOSSES[stage].kept ?? 1);
  });
});

test.each(Object.keys(LEFT_OUT) as Array<keyof typeof LEFT_OUT>)(
  "when the model of %s answers for the first entity only, the others lack its answer",
  async (stage) => {
    const { answering } = await send(stage, { kind: "none" }, { count: 1 });
    const answer = await readAnswer(await answering);
    expect(answer).toMatchObject({ partial: false, problems: [] });
    const { entity } = LEFT_OUT[stage];
    if (entity === null) expect(answer.entities.map(({ text }) => text)).toEqual([NAMES[0]]);
    else expect(answer.entities.slice(1)).toMatchObject([entity, entity]);
  },
);
