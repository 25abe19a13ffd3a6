import { describe, expect, test } from "vitest";
import { picture, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

const ADMITTED = () => new Response(null, { status: 204 });
const FULL = () => Response.json({ detail: "no room" }, { status: 409, headers: { "retry-after": "12" } });
const BOX = { xmin: 1, ymin: 1, xmax: 9, ymax: 9 };

/** A request for each route that asks models, and whether models see a picture of it. */
const REQUESTS = async (): Promise<Array<[path: string, body: object, picture: boolean]>> => {
  const image = await picture();
  const named = [{ text: "Eileen Collins" }];
  return [
    ["/v1/recognize", { text: TEXT }, false],
    ["/v1/recognize", { text: TEXT, image, task: "mner" }, false],
    ["/v1/recognize", { text: TEXT, image }, true],
    ["/v1/recognize", { text: TEXT, image, entities: [{ start: 0, end: 14, type: "PER" }] }, true],
    ["/v1/mner", { text: TEXT }, false],
    ["/v1/expand", { text: TEXT, entities: [{ text: "Houston", type: "LOC" }], store: false }, false],
    ["/v1/entail", { image, entities: named }, true],
    ["/v1/ground", { image, entities: named }, true],
    ["/v1/segment", { image, boxes: [{ box: BOX }] }, true],
  ];
};

describe("a host that admits posts", () => {
  test("is asked once before any call, named in every call, and told the end", async () => {
    for (const [path, body, isSeen] of await REQUESTS()) {
      const posts: object[] = [];
      const cog = scriptedPost().onAdmission((post) => {
        expect(cog.calls).toEqual([]);
        posts.push(post);
        return ADMITTED();
      });
      const response = await startApp(cog).post(body, {}, path);
      const id = response.headers.get("x-request-id");
      expect([response.status, posts]).toEqual([200, [{ picture: isSeen, deadline_ms: 30_000 }]]);
      expect(cog.admissions).toEqual([`PUT ${id}`, `DELETE ${id}`]);
      expect(new Set(cog.calls.map(({ headers }) => headers.get("x-admission")))).toEqual(new Set([id]));
    }
  });

  test("refuses a post before any work: 503 with its own Retry-After, on every route", async () => {
    for (const [path, body] of await REQUESTS()) {
      const cog = scriptedPost().onAdmission(FULL);
      const response = await startApp(cog).post(body, {}, path);
      expect(response.headers.get("retry-after")).toBe("12");
      expect(await readProblem(response)).toMatchObject({
        status: 503,
        code: "overloaded",
        detail: "The models are busy with other posts: there is room in about 12 s.",
      });
      expect(cog.calls).toEqual([]);
    }
  });

  test("is asked again with the first call when it could not be asked before", async () => {
    let asked = 0;
    const cog = scriptedPost().onAdmission(() => {
      asked++;
      if (asked === 1) throw new TypeError("connection refused");
      return asked === 2 ? new Response(null, { status: 503, headers: { "retry-after": "1" } }) : ADMITTED();
    });
    const answer = await readAnswer(await startApp(cog).post({ text: TEXT }));
    expect(answer).toMatchObject({ partial: false, entities: [{}, {}, {}] });
    expect(asked).toBe(3);
  });

  test("does not refuse a post that another model of each stage can answer", async () => {
    const cog = scriptedPost().onAdmission(FULL);
    const elsewhere = scriptedPost();
    const fetch = (url: URL, init: RequestInit) => (url.port === "9999" ? elsewhere : cog).fetch(url, init);
    const variables = {
      ENDPOINT_OTHER: "http://127.0.0.1:9999",
      MNER: "cog:local/mner, cog:other/mner",
      EXPANSION: "cog:local/expansion, cog:other/expansion",
    };
    const answer = await readAnswer(await startApp(cog, { fetch }, variables).post({ text: TEXT }));
    expect(answer).toMatchObject({ partial: false, entities: [{}, {}, {}] });
    expect(cog.calls).toEqual([]);
  });
});

test("a host that knows no admissions is asked once in an isolate, and admits every post", async () => {
  const cog = scriptedPost();
  const app = startApp(cog, {}, { EXPANSION: "", ENTAILMENT: "", GROUNDING: "", SEGMENTATION: "", PICTURE: "" });
  for (let post = 0; post < 3; post++) expect((await app.post({ text: TEXT })).status).toBe(200);
  expect(cog.admissions).toHaveLength(1);
});

test("models that stay busy until there is no more time are told as 503, with the time that they gave", async () => {
  const limited = () => new Response("slow down", { status: 429, headers: { "retry-after": "40" } });
  const response = await startApp(scriptedPost().on("mner", limited)).post({ text: TEXT });
  expect(response.headers.get("retry-after")).toBe("40");
  expect(await readProblem(response)).toMatchObject({ status: 503, code: "overloaded", stage: "mner" });
});
