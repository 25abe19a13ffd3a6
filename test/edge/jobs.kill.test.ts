import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { JobAnswer } from "../../schemas/jobs.ts";
import { RecognizeAnswer } from "../../schemas/recognize.ts";
import { formatVariables } from "../../scripts/own-variables.ts";
import { freePort } from "../../scripts/stack/ports.ts";
import { type CountingModels, startCountingModels } from "../support/jobs/counting-models.ts";
import { blackPng } from "../support/png.ts";

/**
 * Jobs outlive their process: `wrangler dev` with workerd is killed by SIGKILL at random times while twenty jobs run,
 * and started again over the same state. One more job waits for a model that boots for 40 s. Nobody asks for a job
 * until the last kill.
 */
const [JOBS, KILLS, BOOT_MS] = [20, 10, 40_000];
const SLOW = "Sleepy";
const folder = mkdtempSync(join(tmpdir(), "namesight-kill-"));
let worker: ChildProcess | null = null;
let models: CountingModels | null = null;

afterAll(() => {
  kill();
  models?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Ends wrangler and workerd on the spot: they are one process group. */
function kill(): void {
  if (worker?.pid) process.kill(-worker.pid, "SIGKILL");
  worker = null;
}

async function start(port: number): Promise<string> {
  const inspector = await freePort();
  const options = ["--local", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(inspector)];
  const state = ["--env-file", join(folder, "variables"), "--persist-to", join(folder, "state")];
  const quiet = { WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_LOG_PATH: folder };
  worker = spawn(
    process.execPath,
    ["node_modules/wrangler/bin/wrangler.js", "dev", ...options, ...state, "--show-interactive-dev-session=false"],
    { detached: true, stdio: "ignore", env: { ...process.env, ...quiet } },
  );
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    const response = await fetch(`${url}/openapi.json`).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return url;
    await passes(50);
  }
}

const passes = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Numbers from 0 to before 1, the same in each run. */
function* chances(): Generator<number, never> {
  for (let seed = 16; ; ) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield seed / 2_147_483_648;
  }
}

test("twenty jobs survive ten kills, and no model is asked twice", async () => {
  models = await startCountingModels({ stageMs: 500, bootMs: BOOT_MS, slow: SLOW });
  const port = await freePort();
  const chain = Object.fromEntries(
    ["MNER", "EXPANSION", "ENTAILMENT", "SEGMENTATION"].map((stage) => [stage, `cog:test/${stage.toLowerCase()}`]),
  );
  writeFileSync(
    join(folder, "variables"),
    formatVariables({
      ...chain,
      PICTURE: "",
      GROUNDING: "replicate:gpu/adirik/grounding-dino",
      ENDPOINT_TEST: models.url,
      ENDPOINT_GPU: `${models.url}/replicate/v1`,
      ENDPOINT_GPU_TOKEN: "r8_test",
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    }),
  );
  let url = await start(port);
  const names = [...Array.from({ length: JOBS }, (_, index) => `Person ${index}`), SLOW];
  const png = new Blob([(await blackPng(80, 60)) as Uint8Array<ArrayBuffer>], { type: "image/png" });
  const begun = await Promise.all(
    names.map(async (name) => {
      const form = new FormData();
      form.set("text", name);
      form.set("image", png, "a.png");
      const response = await fetch(`${url}/v1/recognize`, {
        method: "POST",
        headers: { prefer: "respond-async" },
        body: form,
      });
      expect(response.status).toBe(202);
      return ((await response.json()) as JobAnswer).id;
    }),
  );

  const stages = ["mner", "expansion", "entailment", "warming", "segmentation"];
  const expected = begun.flatMap((id) => stages.map((stage) => [`${id} ${stage}`, 1] as const));
  const chance = chances();
  for (let kills = 0; kills < KILLS; kills++) {
    await passes(300 + 1_700 * chance.next().value);
    expect(models.ended.size, `work was left at kill ${kills + 1}`).toBeLessThan(expected.length);
    kill();
    url = await start(port);
  }

  // The Worker is asked for nothing until the last job must have ended: alarms alone go on with them.
  while (models.ended.size < expected.length) await passes(100);
  await passes(5_000);
  const jobs = await Promise.all(
    begun.map(async (id) => (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as JobAnswer),
  );
  expect(jobs.map(({ state, partial }) => [state, partial])).toEqual(jobs.map(() => ["succeeded", false]));
  for (const [index, id] of begun.entries()) {
    const answer = RecognizeAnswer.parse(await (await fetch(`${url}/v1/jobs/${id}/result`)).json());
    expect(answer.entities.map(({ text }) => text)).toEqual([names[index]]);
    expect(answer.entities[0]?.regions[0]?.mask, names[index]).not.toBeNull();
  }
  expect(Object.fromEntries(models.ended)).toEqual(Object.fromEntries(expected));
  expect(models.created).toHaveLength(begun.length);
  expect(new Set(models.created.map(({ input }) => input.image)).size).toBe(begun.length);
  expect(models.created.filter(({ canceled }) => canceled)).toEqual([]);
  // Some predictions were under way when their caller died: without that, nothing was shown.
  expect(models.broken()).toBeGreaterThan(0);
}, 600_000);
