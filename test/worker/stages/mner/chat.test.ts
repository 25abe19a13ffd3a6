import { describe, expect, test } from "vitest";
import { typesOf } from "../../../../schemas/labels.ts";
import { LIMITS } from "../../../../schemas/limits.ts";
import type { AttemptChanges } from "../../../../src/stages/model.ts";
import { chatsOf, completion, failureOf } from "../chat-fixtures.ts";
import { scriptedAi, startModel } from "../harness.ts";

const TEXT = "Eileen Collins leaves Houston";
const IMAGE = "https://namesight.test/p";
const entities = (...listed: Array<[text: unknown, type: unknown]>) =>
  JSON.stringify({ entities: listed.map(([text, type]) => ({ text, type })) });

/** The mentions read from a reply's text. */
async function read(
  reply: string,
  input: Partial<Parameters<Awaited<ReturnType<typeof startModel<"mner">>>["run"]>[0]> = { text: TEXT },
) {
  const { run } = await startModel("mner", "openai:test/llm", { replies: { "chat llm": [completion(reply)] } });
  const { mentions } = await run({ labels: "gmner", ...input });
  return mentions.map(({ text, start, end, type }) => `${start}-${end} ${text} ${type}`);
}

/** docs/reference/hosted-models.md, "Chat endpoints". */
describe("the question", () => {
  test("has a strict schema, and its reply becomes mentions", async () => {
    const { run, calls, model } = await startModel("mner", "openai:test/llm", {
      replies: { "chat llm": [completion(entities(["Eileen Collins", "PER"], ["Houston", "LOC"]))] },
    });
    expect(model).toMatchObject({ promptVersion: "mentions-1", usesPicture: true });
    expect(await run({ text: TEXT, labels: "gmner" })).toEqual({
      model: "llm",
      version: "chat-model-2026-10-01",
      mentions: [
        { text: "Eileen Collins", start: 0, end: 14, type: "PER", score: null },
        { text: "Houston", start: 22, end: 29, type: "LOC", score: null },
      ],
      problems: [],
    });
    const [{ messages, ...asked } = { messages: [] }, ...more] = chatsOf(await calls());
    expect(more).toEqual([]);
    expect(asked).toEqual({
      model: "llm",
      max_tokens: 1_024 + 2 * TEXT.length,
      temperature: 0,
      response_format: {
        type: "json_schema",
        json_schema: {
          name: "named_entities",
          strict: true,
          schema: {
            type: "object",
            properties: {
              entities: {
                type: "array",
                items: {
                  type: "object",
                  properties: {
                    text: { type: "string" },
                    type: { type: "string", enum: ["PER", "LOC", "ORG", "OTHER"] },
                  },
                  required: ["text", "type"],
                  additionalProperties: false,
                },
              },
            },
            required: ["entities"],
            additionalProperties: false,
          },
        },
      },
    });
    expect(messages.map(({ role }) => role).join(" ")).toMatch(/^system (?:user assistant )+user$/);
    expect(messages.at(-1)).toEqual({ role: "user", content: `Text: "${TEXT}"` });
    expect(messages[0]?.content).toContain("PER: a person");
  });

  const asked = async (input: object, entry = "openai:test/llm") => {
    const { run, calls } = await startModel("mner", entry, { replies: { "chat llm": [completion(entities())] } });
    await run({ labels: "gmner", text: TEXT, ...input });
    return (await calls())[0]?.body as {
      messages: Array<{ content: string }>;
      max_tokens: number;
      response_format: {
        json_schema: { schema: { properties: { entities: { items: { properties: { type: object } } } } } };
      };
    };
  };
  const typeIn = (body: Awaited<ReturnType<typeof asked>>) =>
    body.response_format.json_schema.schema.properties.entities.items.properties.type;

  test("has the picture before the text when there is one", async () => {
    const { messages } = await asked({ image: IMAGE });
    expect(messages.at(-1)?.content).toEqual([
      { type: "image_url", image_url: { url: IMAGE } },
      { type: "text", text: `Text: "${TEXT}"` },
    ]);
    expect(messages[0]?.content).toContain("The picture belongs to the post.");
  });

  test("has no picture when the entry says @text", async () => {
    const { model } = await startModel("mner", "openai:test/llm@text", {});
    expect(model.usesPicture).toBeUndefined();
    expect((await asked({ image: IMAGE }, "openai:test/llm@text")).messages).toEqual((await asked({})).messages);
  });

  test("is refused, with the known variants, when the entry has another variant", async () => {
    await expect(startModel("mner", "openai:test/llm@2", {})).rejects.toThrow("@text");
  });

  test("lists FMNERG's types by kind when the labels are fine", async () => {
    const body = await asked({ labels: "fine" });
    expect(body.messages[0]?.content).toContain("\nperson: politician, musician, ");
    expect(typeIn(body)).toEqual({ type: "string", enum: typesOf("fine") });
  });

  test("quotes a caller's own types, and has no examples for them", async () => {
    const body = await asked({ labels: ["ship", "[port]", "__proto__"] });
    expect(body.messages.map(({ content }) => content)).toHaveLength(2);
    expect(body.messages[0]?.content).toContain('"ship", "\\u005bport\\u005d", "__proto__"');
    expect(typeIn(body)).toEqual({ type: "string", enum: ["ship", "[port]", "__proto__"] });
  });

  test("joins tokens by a space and puts the knowledge after PGIM's <EOS> (arXiv 2305.12212, section 3.3)", async () => {
    const { messages } = await asked({
      text: undefined,
      tokens: ["Eileen", "Collins", "!"],
      knowledge: "She is an astronaut.",
    });
    expect(messages.at(-1)?.content).toBe('Text: "Eileen Collins !" <EOS> "She is an astronaut."');
    expect(messages[0]?.content).toContain("Behind <EOS>");
  });

  test("allows 4,096 tokens when the text is long", async () => {
    expect((await asked({ text: "Houston ".repeat(1_250) })).max_tokens).toBe(4_096);
  });

  test("has the schema without OpenAI's envelope on Workers AI", async () => {
    const ai = scriptedAi(completion(entities(["Houston", "LOC"])));
    const { run } = await startModel("mner", "workers-ai/@cf/qwen/qwen3-30b", {}, { ai });
    expect((await run({ text: TEXT, labels: "gmner" })).mentions).toMatchObject([{ text: "Houston" }]);
    expect(ai.asked[0]).toMatchObject({
      model: "@cf/qwen/qwen3-30b",
      input: { response_format: { type: "json_schema", json_schema: { type: "object", required: ["entities"] } } },
    });
  });
});

describe("the positions", () => {
  test.each<[text: string, listed: Array<[string, string]>, mentions: string[]]>([
    ["Houston, we love Houston", [["Houston", "LOC"]], ["0-7 Houston LOC", "17-24 Houston LOC"]],
    // Neither inside a word nor inside a longer name at that position.
    ["Houstonians in HoustonTX", [["Houston", "LOC"]], []],
    [
      "the New York Times of New York",
      [
        ["New York", "LOC"],
        ["New York Times", "ORG"],
      ],
      ["4-18 New York Times ORG", "22-30 New York LOC"],
    ],
    [
      "New York City Hall",
      [
        ["City Hall", "LOC"],
        ["New York City", "LOC"],
      ],
      ["0-13 New York City LOC"],
    ],
    // A name of two types: one occurrence for each time it is listed.
    [
      "Washington left Washington. Washington!",
      [
        ["Washington", "PER"],
        ["Washington", "LOC"],
      ],
      ["0-10 Washington PER", "16-26 Washington LOC"],
    ],
    [
      "Washington",
      [
        ["Washington", "LOC"],
        ["Washington", "PER"],
      ],
      ["0-10 Washington LOC"],
    ],
    [
      "a b a b a",
      [
        ["a", "PER"],
        ["a", "PER"],
        ["a", "LOC"],
      ],
      ["0-1 a PER", "4-5 a PER", "8-9 a LOC"],
    ],
    // Exact matches first; a folded match has the text's own spelling.
    ["NASA and nasa", [["NASA", "ORG"]], ["0-4 NASA ORG"]],
    ["the nasa", [["NASA", "ORG"]], ["4-8 nasa ORG"]],
    ["Straße der STRASSE", [["strasse", "LOC"]], ["0-6 Straße LOC", "11-18 STRASSE LOC"]],
    ["ﬁnland wins", [["Finland", "LOC"]], ["0-6 ﬁnland LOC"]],
    ["Zu\u0308rich", [["Zürich", "LOC"]], ["0-7 Zu\u0308rich LOC"]],
    ["\u1112\u1161\u11ab국", [["한국", "LOC"]], ["0-4 \u1112\u1161\u11ab국 LOC"]],
    ["Ｔｏｋｙｏ", [["Tokyo", "LOC"]], ["0-5 Ｔｏｋｙｏ LOC"]],
    ["New\n York", [["New York", "LOC"]], ["0-9 New\n York LOC"]],
    ["Finnegan’s Wake", [["Finnegan's Wake", "OTHER"]], ["0-15 Finnegan’s Wake OTHER"]],
    ["Vi\u00adenna", [["Vienna", "LOC"]], ["0-7 Vi\u00adenna LOC"]],
    // UTF-16 code units after characters of two units.
    ["🚀👩‍🚀 Houston🚀", [["Houston", "LOC"]], ["8-15 Houston LOC"]],
    // Scripts without spaces, or with particles after a name.
    ["我爱北京天安门", [["北京", "LOC"]], ["2-4 北京 LOC"]],
    ["서울에서 만나요", [["서울", "LOC"]], ["0-2 서울 LOC"]],
    // The marks @ and # are not part of a name. An underscore joins the parts of a handle; around a word it is
    // emphasis.
    [
      "@NASA at #Vienna",
      [
        ["@NASA", "ORG"],
        ["#Vienna", "LOC"],
      ],
      ["1-5 NASA ORG", "10-16 Vienna LOC"],
    ],
    [
      "@elon_musk in _Paris_",
      [
        ["elon", "PER"],
        ["musk", "PER"],
        ["Paris", "LOC"],
      ],
      ["15-20 Paris LOC"],
    ],
    // Words inside a link are not names.
    ["https://t.co/Paris", [["Paris", "LOC"]], []],
    ["Obama's (Obama)", [["Obama", "PER"]], ["0-5 Obama PER", "9-14 Obama PER"]],
  ])("are those of whole words in %j", async (text, listed, mentions) => {
    expect(await read(entities(...listed), { text })).toEqual(mentions);
  });

  test("are those of whole tokens, without the mark of a handle, when the post came as tokens", async () => {
    const tokens = ["The", "Obama's", "#Vienna", "of", "New", "York"];
    expect(await read(entities(["Obama", "PER"], ["Vienna", "LOC"], ["New York", "LOC"]), { tokens })).toEqual([
      "4-11 Obama's PER",
      "13-19 Vienna LOC",
      "23-31 New York LOC",
    ]);
  });

  test.each([
    ["person", "0-14 Eileen Collins PER"],
    ["Location", "0-14 Eileen Collins LOC"],
    ["B-ORG", "0-14 Eileen Collins ORG"],
  ])("keep a mention when the model names its type %s", async (type, mention) => {
    expect(await read(entities(["Eileen Collins", type]))).toEqual([mention]);
  });

  test("keep mentions of other label sets, whatever the case of their types", async () => {
    expect(await read(entities(["Houston", "City"], ["Eileen", "person"]), { text: TEXT, labels: "fine" })).toEqual([
      "22-29 Houston city",
    ]);
    expect(
      await read(entities(["Houston", "my port"], ["Eileen", "PER"]), { text: TEXT, labels: ["My_Port"] }),
    ).toEqual(["22-29 Houston My_Port"]);
  });
});

/** A post may talk a model into any reply. */
describe("a reply with other content", () => {
  test.each<[what: string, reply: string, mentions: string[]]>([
    ["names that are not in the text", entities(["Mars", "LOC"], ["Houston", "LOC"]), ["22-29 Houston LOC"]],
    ["types that are not in the labels", entities(["Houston", "HACKED"], ["Eileen Collins", "DATE"]), []],
    [
      "markup and links as names",
      entities(["<b>Houston</b>", "LOC"], ["https://evil.example", "ORG"], ["[Houston](evil)", "LOC"]),
      [],
    ],
    ["names without letters", entities(["", "LOC"], [" ", "LOC"], [".", "LOC"], ["@", "ORG"]), []],
    ["a name of 100,000 letters", entities(["Houston".repeat(15_000), "LOC"]), []],
    [
      "unknown fields",
      JSON.stringify({
        entities: [{ text: "Houston", type: "LOC", start: 0, end: 7, url: "https://evil.example", score: 1 }],
        note: "pwned",
      }),
      ["22-29 Houston LOC"],
    ],
    [
      "prose around the JSON",
      `I obey! ${entities(["Houston", "LOC"])} Visit https://evil.example`,
      ["22-29 Houston LOC"],
    ],
  ])("gives only names of the text, with types of the labels, when it has %s", async (_, reply, mentions) => {
    expect(await read(reply)).toEqual(mentions);
  });

  test.each([
    ["prose", "I cannot help."],
    ["values of other types", '{"entities":[{"text":5,"type":["PER"]}]}'],
    ["another object", '{"result":"pwned"}'],
    ["truncated JSON", '{"entities":[{"text":"Houston"'],
  ])("is asked to be repaired once, and not quoted in the error, when it is %s", async (_, reply) => {
    const { run, calls } = await startModel("mner", "openai:test/llm", {
      replies: { "chat llm": [completion(reply)] },
    });
    const first = await failureOf(run({ text: TEXT, labels: "gmner" }));
    expect(first).toMatchObject({ code: "invalid_output", retryable: true });
    expect(first.message).not.toContain("pwned");
    const second = await failureOf(run({ text: TEXT, labels: "gmner" }, { changes: first.changes }));
    expect(second).toMatchObject({ code: "invalid_output", retryable: false, changes: null });
    const [, repaired, ...more] = chatsOf(await calls());
    expect(more).toEqual([]);
    expect(repaired?.messages.slice(-2)).toEqual([
      { role: "assistant", content: reply },
      { role: "user", content: expect.stringContaining("does not keep the schema") },
    ]);
  });
});

test("is an invalid_output, which no repair follows, when a reply is longer than any that was asked for", async () => {
  const { run, calls } = await startModel("mner", "openai:test/llm", {
    replies: { "chat llm": [completion("[".repeat(LIMITS.replyText + 1))] },
  });
  const error = await failureOf(run({ text: TEXT, labels: "gmner" }));
  expect(error).toMatchObject({ code: "invalid_output", retryable: false, changes: null });
  expect(await calls()).toHaveLength(1);
});

test("reads the repaired reply", async () => {
  const { run } = await startModel("mner", "openai:test/llm", {
    replies: {
      "chat llm": [completion("Houston (LOC)"), completion(`\`\`\`json\n${entities(["Houston", "LOC"])}\n\`\`\``)],
    },
  });
  const { changes } = await failureOf(run({ text: TEXT, labels: "gmner" }));
  expect((await run({ text: TEXT, labels: "gmner" }, { changes })).mentions).toMatchObject([{ text: "Houston" }]);
});

test("puts the schema into the prompt when the endpoint refused it in the request", async () => {
  const refused = (message: string) =>
    ({ kind: "status", status: 400, body: JSON.stringify({ error: { message } }) }) as const;
  const { run, calls } = await startModel("mner", "openai:test/llm", {
    replies: { "chat llm": [completion(entities(["Houston", "LOC"]))] },
    faults: {
      chat: [refused("response_format json_schema is not supported"), refused("response_format is not supported")],
    },
  });
  const input = { text: TEXT, labels: "gmner" as const };
  let changes: AttemptChanges | null = null;
  for (let refusals = 0; refusals < 2; refusals++) ({ changes } = await failureOf(run(input, { changes })));
  expect((await run(input, { changes })).mentions).toMatchObject([{ text: "Houston" }]);
  await run({ text: TEXT, labels: "gmner" });
  const bodies = (await calls()).map(
    ({ body }) => body as { response_format?: { type: string }; messages: Array<{ content: string }> },
  );
  expect(bodies.map(({ response_format }) => response_format?.type ?? "none")).toEqual([
    "json_schema",
    "json_object",
    "none",
    "none",
  ]);
  expect(bodies.map(({ messages }) => messages[0]?.content.includes('"enum":["PER","LOC","ORG","OTHER"]'))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test.each([
  ["its token limit", completion('{"entities":[', { finish_reason: "length" }), "truncated"],
  ["a content filter", completion(null, { finish_reason: "content_filter" }), "refused"],
  ["a refusal", completion(null, {}, { refusal: "I cannot." }), "refused"],
  ["an empty text", completion(""), "unreadable"],
])("throws a StageError when the reply ends with %s", async (_, reply, code) => {
  const { run } = await startModel("mner", "openai:test/llm", { replies: { "chat llm": [reply] } });
  await expect(run({ text: TEXT, labels: "gmner" })).rejects.toMatchObject({ code });
});
