import { afterEach, describe, expect, it } from "vitest";
import { postTemplate, textOf } from "../../../../bench/edge/post.ts";
import { delaysOf, readEventTimes } from "../../../../bench/jobs/event-delay.ts";
import { type JobServer, startJobServer } from "../../../support/job-server.ts";

let server: JobServer;
afterEach(() => server?.stop());

describe("readEventTimes", () => {
  it("reads the events of a request, and those of a job", async () => {
    server = await startJobServer();
    const template = await postTemplate(textOf(1), null);
    const stream = await readEventTimes(server.url, template, "stream");
    const job = await readEventTimes(server.url, template, "job");
    expect(Object.keys(stream.seen)).toEqual(["mner", "expansion"]);
    expect(Object.keys(job.seen)).toEqual(["mner", "expansion"]);
    expect(server.asked).toEqual([
      "POST /v1/recognize",
      "POST /v1/recognize respond-async",
      expect.stringMatching(/^GET \/v1\/jobs\/req_\d+\/events$/),
    ]);
  });

  it("refuses a stream that ends without an answer", async () => {
    server = await startJobServer({ events: ["mention", "expression", "problem"] });
    const template = await postTemplate(textOf(1), null);
    await expect(readEventTimes(server.url, template, "job")).rejects.toThrow("mention expression problem");
  });
});

describe("delaysOf", () => {
  const read = [{ number: 7, seen: { mner: 110, expansion: 225 } }];

  it("is the time from each model's answer to its event", () => {
    const answers = [
      { model: "expansion", number: 7, at: 200 },
      { model: "mner", number: 8, at: 90 },
      { model: "mner", number: 7, at: 100 },
    ];
    expect(delaysOf(read, answers)).toEqual([10, 25]);
  });

  it("refuses an event whose answer was not noted", () => {
    expect(() => delaysOf(read, [])).toThrow("no answer of mner to post 7 was noted");
  });
});
