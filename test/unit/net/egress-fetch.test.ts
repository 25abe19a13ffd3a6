import { expect, test } from "vitest";
import { createEgressFetch } from "../../../src/net/egress-fetch.ts";

test("sends the request to the egress, with the URL in a header", async () => {
  const sent: Array<[string, RequestInit]> = [];
  const send = async (url: URL, init: RequestInit) => {
    sent.push([url.href, init]);
    return new Response("picture");
  };
  const fetch = createEgressFetch(new URL("http://127.0.0.1:9/secret"), send);
  const init = { method: "GET", headers: { accept: "image/png" }, redirect: "manual" } as const;
  expect(await (await fetch(new URL("https://photos.test/a.png?b=c"), init)).text()).toBe("picture");
  expect(sent.map(([url, { headers, ...rest }]) => [url, Object.fromEntries(new Headers(headers)), rest])).toEqual([
    [
      "http://127.0.0.1:9/secret",
      { accept: "image/png", "x-url": "https://photos.test/a.png?b=c" },
      { method: "GET", redirect: "manual" },
    ],
  ]);
});
