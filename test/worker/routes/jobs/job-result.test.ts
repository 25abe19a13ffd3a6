import { describe, expect, test } from "vitest";
import type { RecognizeAnswer } from "../../../../schemas/recognize.ts";
import { readProblem } from "../../harness.ts";
import { unanswered, withPicture } from "../start-charged.ts";
import { startJobs } from "./job-harness.ts";

const DAY = 86_400_000;

describe("the result of a job", () => {
  test("is not there while it runs, and is the same however often it is fetched", async () => {
    // Links are signed when the result is fetched: in another second they would be others.
    const now = Date.now();
    const app = await startJobs({ runs: false, world: { clock: () => now } });
    const { id } = await app.begin(await withPicture());
    const early = await app.send("GET", `/v1/jobs/${id}/result`);
    expect([early.status, (await readProblem(early)).code, early.headers.get("retry-after")]).toEqual([
      409,
      "job_running",
      "2",
    ]);
    await app.run(id);
    const texts = [0, 1].map(async () => (await app.send("GET", `/v1/jobs/${id}/result`)).text());
    const [first, second] = await Promise.all(texts);
    expect(first).toBe(second);
    expect(JSON.parse(first ?? "")).toMatchObject({ id, partial: false });
  });

  test("is drawn as Accept says", async () => {
    const app = await startJobs();
    const { id } = await app.begin(await withPicture());
    await app.settled();
    const types = ["image/png", "image/svg+xml", "application/json", "*/*"];
    const drawn = types.map(async (accept) =>
      (await app.send("GET", `/v1/jobs/${id}/result`, { accept })).headers.get("content-type"),
    );
    expect(await Promise.all(drawn)).toEqual([...types.slice(0, 3), "application/json"]);
    expect((await app.send("GET", `/v1/jobs/${id}/result`, { accept: "text/html" })).status).toBe(406);
  });

  test("has links that work, also days after the first ones have expired", async () => {
    const app = await startJobs();
    const { id } = await app.begin(await withPicture());
    await app.settled();
    const link = async () => {
      const answer = (await (await app.send("GET", `/v1/jobs/${id}/result`)).json()) as RecognizeAnswer;
      const urls = [answer.entities[0]?.regions[0]?.mask_url ?? "", answer.overlay_url ?? ""];
      return urls.map((url) => new URL(url));
    };
    const follow = async (links: readonly URL[]) =>
      Promise.all(links.map(async ({ pathname, search }) => (await app.app.fetch(pathname + search)).status));
    const first = await link();
    expect(await follow(first)).toEqual([200, 200]);
    app.pass(3 * DAY);
    expect(await follow(first)).toEqual([410, 410]);
    expect(await follow(await link())).toEqual([200, 200]);
  });

  test("of a canceled job and of one whose time is over is gone", async () => {
    const app = await startJobs();
    const { id } = await app.begin(await withPicture());
    await app.settled();
    app.pass(8 * DAY);
    await app.run(id);
    const late = await app.send("GET", `/v1/jobs/${id}/result`);
    expect([late.status, (await readProblem(late)).code]).toEqual([410, "result_gone"]);
    const other = await app.begin();
    await app.send("DELETE", `/v1/jobs/${other.id}`);
    expect((await app.send("GET", `/v1/jobs/${other.id}/result`)).status).toBe(410);
  });

  test("with store: false is there once more for a minute after it was fetched", async () => {
    const app = await startJobs();
    const { id } = await app.begin({ ...(await withPicture()), store: false });
    await app.settled();
    const status = async () => (await app.send("GET", `/v1/jobs/${id}/result`)).status;
    expect([await status(), await status()]).toEqual([200, 200]);
    app.pass(61_000);
    await app.run(id);
    expect(await status()).toBe(410);
  });

  test("of a failed job is why it failed", async () => {
    const app = await startJobs({ cog: unanswered() });
    const { id } = await app.begin();
    await app.settled();
    const response = await app.send("GET", `/v1/jobs/${id}/result`);
    expect([response.status, (await readProblem(response)).code]).toEqual([502, "stage_failed"]);
  });
});
