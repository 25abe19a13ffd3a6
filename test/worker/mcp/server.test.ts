import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import { fromBase64 } from "../../../schemas/encodings.ts";
import { COLLINS, picture, TEXT } from "../harness.ts";
import { startJobs } from "../routes/jobs/job-harness.ts";
import { unanswered, withPicture } from "../routes/start-charged.ts";
import { blocksOf, connect, REVISIONS, type Revision } from "./mcp-harness.ts";

const PNG = [137, 80, 78, 71];
const post = async () => ({ text: TEXT, ...(await withPicture()) });

describe.each(Object.keys(REVISIONS) as Revision[])("the official client of revision %s", (revision) => {
  const start = async (options: Parameters<typeof startJobs>[0] = {}) => {
    const jobs = await startJobs(options);
    return { ...jobs, client: await connect(jobs.app, revision, jobs.headers) };
  };

  test("lists the tools without a key, with the schemas of the API", async () => {
    const { app } = await startJobs();
    const { tools } = await (await connect(app, revision)).listTools();
    expect(tools.map(({ name }) => name)).toEqual(["recognize_entities", "segment_boxes", "get_job"]);
    const [recognize, segment] = tools.map(({ inputSchema }) => new Validator(inputSchema as object, "2020-12", false));
    expect(recognize?.validate(await post()).valid).toBe(true);
    expect(recognize?.validate({ text: TEXT, webhook: { url: "https://a.test" } }).valid).toBe(false);
    expect(recognize?.validate({ image: await picture() }).valid).toBe(false);
    expect(segment?.validate({ image: await picture(), boxes: [{ box: COLLINS }] }).valid).toBe(true);
    expect(segment?.validate({ image: await picture(), boxes: [{ box: { xmin: 0 } }] }).valid).toBe(false);
  });

  test("gets entities, the overlay and a link to each mask, and is told of each finding", async () => {
    const { client, available } = await start();
    const before = await available();
    const told: string[] = [];
    const onprogress = ({ message }: { message?: string | undefined }) => void told.push(String(message));
    // Once it has the list, the client validates each tool's structured content against the tool's schema.
    await client.listTools();
    const result = await client.callTool({ name: "recognize_entities", arguments: await post() }, { onprogress });
    const { text, images, links } = blocksOf(result);
    expect(text.split("\n")).toEqual([
      "Eileen Collins (PER): in the picture, at [10, 10, 40, 50]",
      "Felix (OTHER): cannot tell whether it is in the picture, at [50, 20, 70, 40]",
      "Houston (LOC): not in the picture",
      "Boxes are xmin, ymin, xmax, ymax in pixels of a 80 × 60 picture.",
    ]);
    expect([...(fromBase64(images[0]?.data ?? "") ?? []).slice(0, 4)]).toEqual(PNG);
    expect(links.map(({ name }) => name)).toEqual(["mask e1-r1 of Eileen Collins", "mask e2-r1 of Felix"]);
    expect(result.structuredContent).toMatchObject({
      state: "succeeded",
      answer: { entities: [{ text: "Eileen Collins", regions: [{ box: COLLINS, mask_url: links[0]?.uri }] }, {}, {}] },
    });
    expect(JSON.stringify(result.structuredContent)).not.toContain('"counts"');
    expect(told).toContain("Found Eileen Collins (PER) in the text.");
    expect(told).toContain("Houston: not in the picture.");
    expect(await available()).toBeLessThan(before);
  });

  test("gets masks for boxes, and no overlay where it wants none", async () => {
    const { client } = await start();
    await client.listTools();
    const boxes = [{ id: "hers", box: COLLINS }];
    const cut = await client.callTool({ name: "segment_boxes", arguments: { image: await picture(), boxes } });
    expect(blocksOf(cut)).toMatchObject({ text: "hers: has a mask", images: [], links: [{ name: "mask hers" }] });
    const bare = { name: "recognize_entities", arguments: { ...(await post()), overlay: false } };
    expect(blocksOf(await client.callTool(bare))).toMatchObject({ images: [], links: [{}, {}] });
  });

  test("gets the masks themselves where nothing is stored", async () => {
    const { client } = await start();
    await client.listTools();
    const result = await client.callTool({
      name: "recognize_entities",
      arguments: { ...(await post()), store: false },
    });
    expect(blocksOf(result)).toMatchObject({ images: [{}], links: [] });
    expect(JSON.stringify(result.structuredContent)).toContain('"counts"');
  });

  test("is told of a job that takes longer, and gets its answer later", async () => {
    const { client, run } = await start({ runs: false });
    await client.listTools();
    const slow = { name: "recognize_entities", arguments: { ...(await post()), wait_seconds: 0 } };
    const { structuredContent } = await client.callTool(slow);
    const { job_id, ...rest } = structuredContent as { job_id: string };
    expect(rest).toEqual({ state: "queued", answer: null });
    await run(job_id);
    const later = await client.callTool({ name: "get_job", arguments: { id: job_id } });
    expect(blocksOf(later)).toMatchObject({ images: [{}], links: [{}, {}] });
    expect(later.structuredContent).toMatchObject({ job_id, state: "succeeded", answer: { entities: [{}, {}, {}] } });
  });

  test("gets a problem that names the field, the job's own, and that of a job of somebody else", async () => {
    const { client } = await start({ cog: unanswered() });
    const call = async (name: string, given: object) => {
      const result = await client.callTool({ name, arguments: { ...given } });
      expect(result.isError).toBe(true);
      return { text: blocksOf(result).text, code: (result.structuredContent as { code: string }).code };
    };
    expect(await call("recognize_entities", { text: TEXT, max_entities: 1_000 })).toMatchObject({
      code: "invalid_request",
      text: expect.stringContaining("/max_entities"),
    });
    expect(await call("recognize_entities", { text: TEXT, webhook: {} })).toMatchObject({ code: "invalid_request" });
    expect(await call("recognize_entities", { text: TEXT })).toMatchObject({ code: "stage_failed" });
    expect(await call("get_job", { id: "req_00000000000000000000000000" })).toMatchObject({ code: "not_found" });
    expect(await call("get_job", { id: "../balance" })).toMatchObject({ code: "not_found" });
    expect(await call("get_job", {})).toMatchObject({ code: "not_found" });
  });

  test("needs a key to use a tool", async () => {
    const { app } = await startJobs();
    const client = await connect(app, revision);
    const result = await client.callTool({ name: "recognize_entities", arguments: { text: TEXT } });
    expect(result).toMatchObject({ isError: true, structuredContent: { code: "key_missing" } });
    await expect(connect(app, revision, { authorization: "Bearer nk_live_made_up" })).rejects.toThrow();
  });
});
