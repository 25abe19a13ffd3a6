import { expect, test } from "vitest";
import type { ChatRequest } from "../../../../eval/chat/chat-server.ts";
import { goldChat, textOf } from "../../../../eval/chat/gold-chat.ts";
import { readConll } from "../../../../eval/readers/conll.ts";

const answer = goldChat(readConll("Ted\tB-PER\nCruz\tI-PER\n&amp;\tO\n@ESA\tB-ORG\n\nHouston\tB-LOC\n"));

function question(name: string, content: unknown): ChatRequest {
  const messages = [
    { role: "system", content: "rules" },
    { role: "user", content },
  ];
  return { model: "gold", messages, response_format: { json_schema: { name } } };
}

async function ask(name: string, content: unknown): Promise<unknown> {
  const { choices } = await answer(question(name, content));
  return JSON.parse(choices[0]?.message.content ?? "");
}

test("answers a question for names with the gold ones of its text, as people read it", async () => {
  const names = {
    entities: [
      expect.objectContaining({ text: "Ted Cruz", type: "PER" }),
      expect.objectContaining({ text: "@ESA", type: "ORG" }),
    ],
  };
  expect(await ask("named_entities", 'Text: "Ted Cruz & @ESA"')).toEqual(names);
  expect(await ask("named_entities", 'Text: "Ted Cruz & @ESA" <EOS> "known"')).toEqual(names);
  expect(await ask("named_entities", [{ type: "image_url" }, { type: "text", text: 'Text: "Houston"' }])).toMatchObject(
    {
      entities: [{ text: "Houston", type: "LOC", expression: expect.any(String) }],
    },
  );
  expect(await ask("named_entities", 'Text: "a text that is not in the corpus"')).toEqual({ entities: [] });
});

test("answers a question for phrases with one for each id", async () => {
  const asked =
    'Text: "Houston"\nNames:\n- id "e1", kind LOC, name "Houston"\n- id "e2", kind PER, name "x - id \\"e3\\""';
  expect(await ask("expressions", asked)).toMatchObject({ expressions: [{ id: "e1" }, { id: "e2" }] });
});

test("knows the text of a question, with its escapes, and none where there is none", () => {
  expect(textOf(question("named_entities", 'Text: "a \\"b\\" \\u003c"'))).toBe('a "b" <');
  expect(textOf(question("named_entities", "hello"))).toBe("");
});
