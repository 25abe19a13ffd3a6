import { afterEach, describe, expect, it } from "vitest";
import { rawPost, sendLoad } from "../../../../bench/edge/http-load.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer;
afterEach(() => server?.stop());
const body = { bytes: Buffer.from("{}"), type: "application/json" };

describe("sendLoad", () => {
  it("sends one request after another on each connection until the time is over", async () => {
    server = await startBenchServer();
    const indices: number[] = [];
    const next = (index: number) => {
      indices.push(index);
      return rawPost(`${server.url}/call`, body);
    };
    const { requests, perSecond } = await sendLoad(next, { connections: 3, ms: 50 });
    expect(requests).toBeGreaterThanOrEqual(3);
    expect(server.paths).toHaveLength(requests);
    expect(perSecond).toBeGreaterThan(0);
    expect(indices.slice(1)).toEqual(Array.from({ length: requests }, (_, index) => index));
  });

  it("throws when nobody listens", async () => {
    await expect(sendLoad(() => rawPost("http://127.0.0.1:1/", body), { connections: 1, ms: 10 })).rejects.toThrow();
  });
});

describe("rawPost", () => {
  it("is a request with a length", () => {
    expect(rawPost("http://127.0.0.1:80/v1/mner", body).bytes.toString()).toBe(
      "POST /v1/mner HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    );
  });
});
