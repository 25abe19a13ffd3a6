import { afterEach, describe, expect, it } from "vitest";
import { postTemplate, textOf } from "../../../../bench/edge/post.ts";
import { answerAtOnce, answerInOneRequest, answerOfJob, get, runBatch } from "../../../../bench/jobs/calls.ts";
import { type JobServer, startJobServer } from "../../../support/job-server.ts";

let server: JobServer;
afterEach(() => server.stop());
const template = await postTemplate(textOf(1), null);

describe("a post", () => {
  it("is answered at once, in one request that waits, and by a job", async () => {
    server = await startJobServer();
    await answerAtOnce(server.url, template.at(1));
    await answerInOneRequest(server.url, template.at(2));
    await answerOfJob(server.url, template.at(3));
    expect(server.asked).toEqual([
      "POST /v1/recognize",
      "POST /v1/recognize wait=60",
      "POST /v1/recognize respond-async",
      "GET /v1/jobs/req_3",
      "GET /v1/jobs/req_3/result",
    ]);
  });

  it("is an error where its job did not succeed", async () => {
    server = await startJobServer({ state: "running" });
    await expect(answerOfJob(server.url, template.at(1))).rejects.toThrow("is running after 60 s");
  });
});

describe("runBatch", () => {
  const posts = [template.at(1), template.at(2), template.at(3)];

  it("sends a line for each post and reads every result", async () => {
    server = await startJobServer();
    expect(await runBatch(server.url, posts, 2)).toBeGreaterThan(0);
    expect(server.asked).toEqual(["POST /v1/batches", "GET /v1/batches/req_1/results"]);
  });

  it("is an error where a line has no whole answer", async () => {
    server = await startJobServer({ lost: 1 });
    await expect(runBatch(server.url, posts, 2)).rejects.toThrow("2 of 3 lines have a whole answer");
  });
});

describe("get", () => {
  it("is an error where the answer is no 200", async () => {
    server = await startJobServer();
    await expect(get("data:text/plain,x")).resolves.toMatchObject({ status: 200 });
    await expect(get(`${server.url}/v1/nothing`)).rejects.toThrow(/nothing answered 404/);
  });
});
