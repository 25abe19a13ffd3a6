import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import type { ChatQuestion } from "../../../../src/providers/chat.ts";
import { askJson } from "../../../../src/stages/replies/ask-json.ts";
import type { Fault, HostScript } from "../../../support/hosted/script.ts";
import { bodiesOf, question, startChat, startChatHost } from "../../providers/chat-world.ts";
import { caption, captioner, runnerOf } from "../../providers/start.ts";
import { completion } from "../chat-fixtures.ts";

describe("askJson", () => {
  const Answer = z.strictObject({ caption: z.string() });

  async function ask(replies: readonly string[], more: HostScript = {}) {
    const world = await startChatHost(
      replies.map((reply) => completion(reply)),
      more,
    );
    const chat = startChat(world);
    const model = captioner("openai:test/m", async (_, attempt) => {
      const { messages, maximumTokens } = question;
      const talk = {
        chat: (asked: ChatQuestion) => chat(asked, attempt.signal),
        repair: attempt.changes?.repair ?? null,
      };
      return caption((await askJson({ messages, maximumTokens, name: "answer", schema: Answer }, talk)).caption);
    });
    const runner = runnerOf([model], world);
    const answer = await runner.run("caption", {});
    return { caption: answer?.caption ?? null, failures: runner.failures, bodies: await bodiesOf(world) };
  }

  test.each([
    ["without anything around it", '{"caption":"a"}'],
    ["in a fence", 'Here it is:\n```json\n{"caption": "a"}\n```\nAnything else?'],
    ["in prose with braces", 'The set {x} is empty. {"caption":"a"} Hope that helps {y}'],
    ["after reasoning", '<think>maybe {"caption":"b"}</think>{"caption":"a"}'],
    ["after the schema, echoed", `{"type":"object","properties":{"caption":{"type":"string"}}}\n{"caption":"a"}`],
  ])("takes JSON %s from one reply", async (_, reply) => {
    const { caption: said, bodies: asked } = await ask([reply]);
    expect([said, asked.length]).toEqual(["a", 1]);
  });

  test.each([
    ["truncated JSON", '{"caption":"a wom'],
    ["the schema, echoed", '{"type":"object","properties":{"caption":{"type":"string"}}}'],
    ["JSON with an unknown field", '{"caption":"a","url":"https://evil.example"}'],
    ["JSON with a field of another type", '{"caption":7}'],
    ["no JSON", "I would rather not."],
  ])("asks for one repair in the same conversation when the reply is %s", async (_, reply) => {
    const { caption: said, bodies: asked } = await ask([reply, '{"caption":"a"}']);
    expect([said, asked.length]).toEqual(["a", 2]);
    expect(asked[1]?.messages).toEqual([
      ...question.messages,
      { role: "assistant", content: reply },
      { role: "user", content: expect.stringContaining("does not keep the schema") },
    ]);
  });

  test("fails without quoting the model when the repair fits the schema no better", async () => {
    const { caption: said, bodies: asked, failures } = await ask(['{"caption":7,"secret":1}', "secret"]);
    expect([said, asked.length]).toEqual([null, 2]);
    expect(JSON.stringify(failures)).not.toContain("secret");
    expect(failures).toMatchObject([
      { detail: "openai:test/m answered twice with JSON that does not fit the schema, or none." },
    ]);
  });

  test("repeats the repair when it meets a rate limit", async () => {
    const faults: Record<string, Fault[]> = {
      chat: [{ kind: "none" }, { kind: "status", status: 429, headers: { "retry-after": "1" } }],
    };
    const { caption: said, bodies: asked } = await ask(["words", '{"caption":"a"}'], { faults });
    expect(said).toBe("a");
    expect(asked.map(({ messages }) => (messages as unknown[]).length)).toEqual([1, 3, 3]);
  });

  test("asks for a repair when the host refuses the schema too", async () => {
    const refusals = [{ operation: "chat", has: "response_format.type=json_schema", status: 400, body: "no" }];
    const { caption: said, bodies: asked } = await ask(["words", '{"caption":"a"}'], { refusals });
    expect(said).toBe("a");
    expect(asked.map(({ response_format }) => (response_format as { type: string }).type)).toEqual([
      "json_schema",
      "json_object",
      "json_object",
    ]);
  });
});
