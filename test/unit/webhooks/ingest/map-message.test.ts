import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { Mapping, type Reply, RequestSettings, type SignatureScheme } from "../../../../schemas/sources.ts";
import { isSkipped, mapMessage } from "../../../../src/webhooks/ingest/map-message.ts";

const DIGEST = "d".repeat(64);
interface Given {
  mapping?: object;
  signature?: SignatureScheme;
  defaults?: object;
  reply?: Reply | null;
  headers?: HeadersInit;
}

function map(body: unknown, { mapping = {}, signature, defaults = {}, reply = null, headers = {} }: Given = {}) {
  const source = {
    signature: signature ?? { scheme: "github" as const },
    mapping: Mapping.parse({ text: "/text", ...mapping }),
    defaults: RequestSettings.parse(defaults),
    reply,
  };
  const sent = new Headers(headers);
  const message = { body, digest: DIGEST, header: (name: string) => sent.get(name) };
  return mapMessage(message, source, (url) => (url.startsWith("https://") ? null : "is not https"));
}

/** A message that is not skipped. */
function mapped(...given: Parameters<typeof map>) {
  const found = map(...given);
  if (isSkipped(found)) throw new Error(found.skipped);
  return found;
}
const skipped = (...given: Parameters<typeof map>) => {
  const found = map(...given);
  return isSkipped(found) ? found.skipped : null;
};

describe("the text", () => {
  test("of several pointers is joined by an empty line; what is null, empty or missing is left out", () => {
    const mapping = { text: ["/title", "/none", "/null", "/empty", "/parts/*/body"] };
    const body = { title: "One", null: null, empty: " ", parts: [{ body: "two" }, { body: "three" }, {}] };
    expect(mapped(body, { mapping }).fields.text).toBe("One\n\ntwo\n\nthree");
  });

  test("of HTML is read as a post", () => {
    expect(mapped({ text: "<p>Caf&eacute;</p>" }, { mapping: { html: true } }).fields.text).toBe("Café");
    expect(mapped({ text: "<p>Caf&eacute;</p>" }).fields.text).toBe("<p>Caf&eacute;</p>");
  });

  test("that is too long is skipped, and never cut", () => {
    expect(mapped({ text: "a".repeat(LIMITS.textLength) }).fields.text).toHaveLength(LIMITS.textLength);
    expect(skipped({ text: "a".repeat(LIMITS.textLength + 1) })).toContain("10001");
  });

  test.each([[{}], [{ text: null }], [{ text: "  " }], [{ text: [] }], [[]]])(
    "that is not there is a reason to skip: %j",
    (body) => {
      expect(skipped(body)).not.toBeNull();
    },
  );

  test.each([[{ text: 1 }], [{ text: { a: "b" } }], [{ text: true }]])("that is no string is one too: %j", (body) => {
    expect(skipped(body)).toBe("has a value at /text that is no string");
  });

  test("and the defaults are a checked request", () => {
    const { fields } = mapped({ text: "Houston" }, { defaults: { task: "mner", max_entities: 3, store: false } });
    expect(fields).toMatchObject({ text: "Houston", task: "mner", max_entities: 3, store: false, labels: "gmner" });
  });
});

describe("the pictures", () => {
  const attachments = [
    { type: "image", url: "https://m.example/1.jpg" },
    { type: "video", url: "https://m.example/2.mp4" },
    { type: "image", url: null },
    { type: "image", url: "https://m.example/3.jpg" },
  ];
  test.each<[string, object, unknown, string[]]>([
    ["a string", { pictures: ["/image"] }, { image: "https://a.example/1" }, ["https://a.example/1"]],
    [
      "strings of an array",
      { pictures: ["/image"] },
      { image: ["https://a/1", "https://a/2"] },
      ["https://a/1", "https://a/2"],
    ],
    ["items by *", { pictures: ["/image/*/src"] }, { image: [{ src: "https://a/1" }, {}] }, ["https://a/1"]],
    [
      "items with a value",
      { pictures: [{ items: "/media/*", address: "/url", where: { "/type": "image" } }] },
      { media: attachments },
      ["https://m.example/1.jpg", "https://m.example/3.jpg"],
    ],
    ["one of two pointers", { pictures: ["/a", "/b"] }, { b: "https://a/1" }, ["https://a/1"]],
    ["the same one once", { pictures: ["/a", "/b"] }, { a: "https://a/1", b: "https://a/1" }, ["https://a/1"]],
    ["none", { pictures: ["/a", "/b", "/c"] }, { a: null, b: "", c: [] }, []],
  ])("are %s", (_, mapping, body, pictures) => {
    expect(mapped({ text: "Houston", ...(body as object) }, { mapping }).pictures).toEqual(pictures);
  });

  test("that are no strings, too many or too long are a reason to skip", () => {
    const mapping = { pictures: ["/image"] };
    const many = (count: number) => ({
      text: "x",
      image: Array.from({ length: count }, (_, index) => `https://a/${index}`),
    });
    expect(mapped(many(LIMITS.messagePictures), { mapping }).pictures).toHaveLength(LIMITS.messagePictures);
    expect(skipped(many(LIMITS.messagePictures + 1), { mapping })).toContain("has 21 pictures");
    expect(skipped({ text: "x", image: { url: "https://a/1" } }, { mapping })).toContain("at /image that is no string");
    expect(skipped({ text: "x", image: `https://a/${"a".repeat(8_192)}` }, { mapping })).toContain("8192");
  });
});

describe("the id", () => {
  const standard: SignatureScheme = { scheme: "standard-webhooks" };
  const bearer: SignatureScheme = { scheme: "bearer", header: "authorization" };
  const headers = { "webhook-id": "msg_1", "x-github-delivery": "guid", "x-id": "mine" };
  const of = (body: object, given: Given = {}) => {
    const { id, identity } = mapped({ text: "x", ...body }, { headers, ...given });
    return { id, identity };
  };

  test("is the one in the message, where the mapping names it", () => {
    const mapping = { id: "/id", id_header: "x-id" };
    expect(of({ id: "7" }, { mapping })).toEqual({ id: "7", identity: ["id", "7"] });
    expect(of({ id: 7 }, { mapping })).toEqual(of({ id: "7" }, { mapping }));
    expect(of({ id: 7, at: "noon" }, { mapping: { id: ["/id", "/at"] } })).toEqual({
      id: "7/noon",
      identity: ["id", "7", "noon"],
    });
  });

  test("is in a signed header, or in any where nothing is signed", () => {
    expect(of({}, { signature: standard })).toEqual({ id: "msg_1", identity: ["header", "msg_1"] });
    const mapping = { id_header: "X-Id" };
    expect(of({}, { signature: bearer, mapping })).toEqual({ id: "mine", identity: ["header", "mine"] });
    expect(of({}, { signature: standard, mapping: { id_header: "Webhook-Id" } }).identity).toEqual(["header", "msg_1"]);
  });

  test("in a header that is not signed names the jobs, and the body tells messages apart", () => {
    expect(of({})).toEqual({ id: "guid", identity: ["body", DIGEST] });
    expect(of({}, { mapping: { id_header: "x-id" } })).toEqual({ id: "mine", identity: ["body", DIGEST] });
    expect(of({}, { signature: standard, mapping: { id_header: "x-id" } })).toEqual({
      id: "mine",
      identity: ["body", DIGEST],
    });
  });

  test("is the digest of the message where there is no other", () => {
    const none = { id: DIGEST, identity: ["body", DIGEST] };
    expect(of({}, { headers: {} })).toEqual(none);
    expect(of({}, { signature: { scheme: "mastodon" } })).toEqual(none);
    for (const id of [null, ""]) expect(of({ id }, { headers: {}, mapping: { id: "/id" } })).toEqual(none);
    expect(of({ id: 1 }, { headers: {}, mapping: { id: ["/id", "/none"] } })).toEqual(none);
  });

  test.each([[1.5], [2 ** 53], [true], [{}], [[1]], ["a".repeat(1_001)]])("that cannot be one is skipped: %j", (id) => {
    expect(skipped({ text: "x", id }, { mapping: { id: "/id" } })).toContain("id");
  });
});

describe("the reply address", () => {
  const reply = { pointer: "/callback" };
  test("is the fixed one, the one in the message, or none", () => {
    expect(mapped({ text: "x" }).replyTo).toBeNull();
    expect(mapped({ text: "x" }, { reply: { url: "https://r.example/" } }).replyTo).toBe("https://r.example/");
    expect(mapped({ text: "x", callback: "https://r.example/1" }, { reply }).replyTo).toBe("https://r.example/1");
    for (const callback of [null, ""]) expect(mapped({ text: "x", callback }, { reply }).replyTo).toBeNull();
  });

  test("to which nothing may be sent is a reason to skip, which does not repeat it", () => {
    const reason = "could never be answered: the reply address at /callback is not https";
    expect(skipped({ text: "x", callback: "http://10.0.0.1/" }, { reply })).toBe(reason);
    expect(skipped({ text: "x", callback: `https://a/${"a".repeat(2_000)}` }, { reply })).toContain("is too long");
    expect(skipped({ text: "x", callback: ["https://a/1", "https://a/2"] }, { reply })).toContain("several");
  });
});

test("a message without the values that the mapping asks for is skipped", () => {
  const mapping = { where: { "/event": "status.created", "/object/sensitive": false } };
  expect(skipped({ text: "x", event: "status.created", object: { sensitive: false } }, { mapping })).toBeNull();
  expect(skipped({ text: "x", event: "report.created", object: { sensitive: false } }, { mapping })).toBe(
    "has another value at /event",
  );
  expect(skipped({ text: "x", event: "status.created" }, { mapping })).toBe("has another value at /object/sensitive");
});

describe("any message", () => {
  const pointers = fc.constantFrom("", "/a", "/a/b", "/a/*", "/a/*/b", "/*", "/b", "/a/0");
  const mappings = fc.record(
    {
      text: fc.oneof(pointers, fc.array(pointers, { minLength: 1, maxLength: 3 })),
      html: fc.boolean(),
      pictures: fc.array(fc.oneof(pointers, fc.record({ items: pointers, address: pointers })), { maxLength: 3 }),
      id: pointers,
    },
    { requiredKeys: ["text"] },
  );
  const names = fc.constantFrom("a", "b", "c");
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom("https://a.example/1", "Houston", "", "<p>x</p>", 1, null, false),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(names, tie("json"), { maxKeys: 3 }),
    ),
  }));

  const bodies = fc.record({
    a: fc.oneof(fc.constantFrom("Houston", "<p>x</p>"), json),
    b: json,
    c: fc.constantFrom("https://r.example/", null, 1),
  });

  test("becomes a valid request of strings that it has, or nothing, and never fails", () => {
    let [requests, skips] = [0, 0];
    fc.assert(
      fc.property(bodies, mappings, (body, mapping) => {
        const found = map(body, { mapping, reply: { pointer: "/c" } });
        if (isSkipped(found)) {
          skips++;
          expect(found.skipped).not.toContain("Houston");
          return;
        }
        requests++;
        const whole = JSON.stringify(body);
        for (const picture of found.pictures) expect(whole).toContain(JSON.stringify(picture));
        if (!mapping.html) {
          for (const part of found.fields.text?.split("\n\n") ?? []) expect(whole).toContain(JSON.stringify(part));
        }
        expect(found.identity.length).toBeGreaterThan(1);
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(requests, skips)).toBeGreaterThan(20);
  });
});
