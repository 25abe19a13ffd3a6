import { describe, expect, test } from "vitest";
import type { StageName } from "../../../schemas/stages/index.ts";
import { createDownload } from "../../../src/net/download.ts";
import { createProviderFetch, type ProviderFetch } from "../../../src/net/provider-fetch.ts";
import { readAddress } from "../../../src/stages/address.ts";
import { createModel } from "../../../src/stages/index.ts";
import { hostForTests } from "../../support/hosted/for-tests.ts";
import type { Boot, HostScript, HostSession } from "../../support/hosted/script.ts";
import { memoryCheckpoints } from "../../support/memory-checkpoints.ts";
import { pictureRefOf } from "../../support/picture-ref.ts";
import { base64, greyPng } from "../../support/png.ts";
import { deploymentOf, inRun } from "../../support/run.ts";

const open = hostForTests();
const NOON = Date.UTC(2026, 10, 24, 12);
const BOOT_MS = 200_000;
/** The deadline of a job where its caller names none. */
const JOB_MS = 600_000;
const SIZE = { width: 20, height: 12 };
const picture = pictureRefOf("https://namesight.test/p", SIZE);
const box = { xmin: 4, ymin: 2, xmax: 9, ymax: 8 };
const SAM = "72d58a6b199b075ba3a2c1a0e0951384b819a0f6d99ba6c326727fb464a7c792";

/** A model that boots for 200 s by a clock which only waiting moves, and a job's run of it. */
async function bootOf<Name extends StageName>(
  stage: Name,
  entry: string,
  { protocol, chance = 0 }: { readonly protocol: string; readonly chance?: number },
  boot: Omit<Boot, "until">,
  script: HostScript,
) {
  const session: HostSession = await open({ ...script, boot: { ...boot, until: NOON + BOOT_MS } });
  let now = NOON;
  const sleep = async (milliseconds: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    now += milliseconds;
  };
  const send: ProviderFetch = (url, init) => {
    const headers = new Headers(init.headers);
    headers.set("x-clock", String(now));
    return fetch(url, { ...init, headers });
  };
  const world = { clock: () => now, sleep, chance: () => chance };
  const variables: Record<string, string> = { ENDPOINT_TEST: session.at(protocol), ENDPOINT_TEST_TOKEN: "t0ken" };
  const model = createModel(
    stage,
    readAddress(entry, (name) => variables[name] ?? ""),
    {
      ...world,
      fetch: createProviderFetch(new Set([session.base.origin]), send),
      publicUrl: new URL("https://namesight.test"),
      download: createDownload((url, init) =>
        fetch(new URL(url.href.replace("https://replicate.delivery", session.base.href)), init),
      ),
    },
  );
  const checkpoints = memoryCheckpoints();
  const deployment = deploymentOf({ [stage]: [model] }, { ...world, timer: () => new AbortController().signal });
  return { session, checkpoints, deployment, elapsed: () => now - NOON };
}

const mask = await greyPng(SIZE, (x, y) => (x >= 4 && x < 9 && y >= 2 && y < 8 ? 255 : 0));
const replicateScript: HostScript = {
  replies: { [`replicate ${SAM}`]: [["https://replicate.delivery/pbxt/mask.png"]] },
  files: { "pbxt/mask.png": { type: "image/png", base64: base64(mask) } },
};
const segment = { boxes: [{ id: "b1", box }], warm: false };

describe("a model that boots for 200 seconds", () => {
  test.each([
    ["the shortest", 0, 80],
    ["the longest", 1 - Number.EPSILON, 42],
  ])(
    "gives its masks at Replicate, created once and polled at most every five seconds (%s waits)",
    async (_, chance, most) => {
      const starting = { operations: ["replicate.create", "replicate.get"], fault: shown("starting") };
      const options = { protocol: "replicate/v1", chance };
      const entry = "replicate:test/yyjim/segment-anything-tryout";
      const { session, checkpoints, deployment, elapsed } = await bootOf(
        "segmentation",
        entry,
        options,
        starting,
        replicateScript,
      );
      const output = await inRun(deployment, (run) => run.stages.run("segmentation", segment, picture), {
        deadlineMs: JOB_MS,
        checkpoints,
      });
      expect(output?.masks).toMatchObject([{ id: "b1", mask: { size: [12, 20] }, reason: null }]);
      const created = await session.calls("replicate.create");
      expect(created.map(({ headers }) => headers["cancel-after"])).toEqual(["600s"]);
      const polls = (await session.calls("replicate.get")).length;
      expect(polls).toBeGreaterThanOrEqual(BOOT_MS / 5_000);
      expect(polls).toBeLessThanOrEqual(most + 4);
      expect(elapsed()).toBeGreaterThanOrEqual(BOOT_MS);
      expect(elapsed()).toBeLessThanOrEqual(BOOT_MS + 5_000);
      expect(await session.calls("replicate.cancel")).toEqual([]);
      expect(checkpoints.calls.map(({ kept }) => kept)).toEqual([{ attempt: null, id: "p1", at: NOON }]);
    },
  );

  test("answers at an endpoint of Hugging Face, which says 503 until then", async () => {
    const loading = JSON.stringify({ error: "Model is currently loading", estimated_time: 20 });
    const boot = { operations: ["huggingface"], fault: { kind: "status", status: 503, body: loading } as const };
    const found = [{ label: "a woman", score: 0.9, box }];
    const { session, deployment, elapsed, checkpoints } = await bootOf(
      "grounding",
      "huggingface:test/zero-shot-object-detection",
      { protocol: "huggingface" },
      boot,
      { replies: { "huggingface ": [found] } },
    );
    const entities = [{ id: "e1", text: "Collins", type: "PER", expression: "a woman" }];
    const output = await inRun(deployment, (run) => run.stages.run("grounding", { text: "", entities }, picture), {
      deadlineMs: JOB_MS,
      checkpoints,
    });
    expect(output?.groundings).toMatchObject([{ id: "e1", regions: [{ box }] }]);
    expect((await session.calls("huggingface")).length).toBeLessThanOrEqual(BOOT_MS / 5_000 + 1);
    expect(elapsed()).toBeLessThanOrEqual(BOOT_MS + 10_000);
    expect(checkpoints.ends.filter((end) => end?.output)).toHaveLength(1);
  });

  test("answers in a Cog container, which says 503 to admissions and predictions until then", async () => {
    const fault = { kind: "status", status: 503, headers: { "retry-after": "3" } } as const;
    const output = { model: "m", version: "1", caption: "a cat" };
    const { session, deployment, elapsed, checkpoints } = await bootOf(
      "caption",
      "cog:test/caption",
      { protocol: "cog" },
      { operations: ["cog", "cog.other"], fault },
      { replies: { "cog caption": [output] } },
    );
    const asked = (deadlineMs: number) =>
      inRun(deployment, (run) => run.stages.run("caption", {}, picture), { deadlineMs, checkpoints });
    expect(await asked(JOB_MS)).toEqual(output);
    const refused = (await session.calls("cog.other")).length;
    expect(refused).toBeLessThanOrEqual(BOOT_MS / 5_000 + 1);
    const [predicted, ...more] = await session.calls("cog");
    expect(more).toEqual([]);
    expect(predicted?.headers["idempotency-key"]).toBe("req_test/1");
    expect(elapsed()).toBeLessThanOrEqual(BOOT_MS + 5_000);
  });

  test("is given up at the deadline of the job", async () => {
    const fault = { kind: "status", status: 503 } as const;
    const { session, deployment, elapsed, checkpoints } = await bootOf(
      "caption",
      "cog:test/caption",
      { protocol: "cog" },
      { operations: ["cog"], fault },
      {},
    );
    const asked = inRun(deployment, (run) => run.stages.run("caption", {}, picture), {
      deadlineMs: 60_000,
      checkpoints,
    });
    expect(await asked).toBeNull();
    expect(await session.calls("cog")).toHaveLength(12);
    expect(elapsed()).toBeLessThanOrEqual(60_000);
  });
});

function shown(status: string) {
  return { kind: "prediction", status } as const;
}
