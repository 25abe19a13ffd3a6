import { expect, test } from "vitest";
import { base64, blackPng } from "../../support/png.ts";
import { entity, picture, readAnswer, readProblem, SIZE, startApp, TEXT } from "../harness.ts";

const png = () => blackPng(SIZE.width, SIZE.height);

async function sendForm(parts: Record<string, string | Blob>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) form.append(name, value);
  return startApp().fetch("/v1/recognize", { method: "POST", body: form });
}

test("reads the same picture from a data URL, from base64 and from a part", async () => {
  const bytes = await png();
  const answers = await Promise.all([
    startApp().post({ text: TEXT, image: await picture() }),
    startApp().post({ text: TEXT, image: base64(bytes) }),
    sendForm({ text: TEXT, image: new Blob([bytes], { type: "application/octet-stream" }) }),
    sendForm({ request: JSON.stringify({ text: TEXT }), image: new Blob([bytes]) }),
  ]);
  const images = await Promise.all(answers.map(async (response) => (await readAnswer(response)).image));
  for (const image of images) expect(image).toEqual(images[0]);
  expect(images[0]).toMatchObject(SIZE);
});

test("reads fields of a form that are no strings as JSON", async () => {
  const response = await sendForm({
    text: TEXT,
    task: "mner",
    max_entities: "1",
    offset_encoding: "code-point",
    entities: '[{"start": 0, "end": 14, "type": "PER"}, {"start": 28, "end": 35, "type": "LOC"}]',
    thresholds: '{"visible": 0.5}',
  });
  const answer = await readAnswer(response);
  expect(answer.offset_encoding).toBe("code-point");
  expect(entity(answer, "e1").text).toBe("Eileen Collins");
  expect(answer.entities).toHaveLength(1);
});

test("reads the part request from a file", async () => {
  const request = new File([JSON.stringify({ text: TEXT, task: "mner" })], "post.json", { type: "application/json" });
  expect((await readAnswer(await sendForm({ request }))).entities).toHaveLength(3);
});

test("keeps a text that looks like JSON", async () => {
  expect((await sendForm({ text: "[1, 2]", task: "mner" })).status).toBe(200);
});

test.each([
  ["a field beside request", { request: "{}", text: TEXT }, "/text"],
  ["a file where a field belongs", { text: new Blob(["hello"]) }, "/text"],
  ["a number in words", { text: TEXT, max_entities: "many" }, "/max_entities"],
])("refuses %s by name", async (_, parts: Record<string, string | Blob>, pointer) => {
  const problem = await readProblem(await sendForm(parts));
  expect(problem).toMatchObject({ status: 422, code: "invalid_request", errors: [{ pointer }] });
});

test("refuses two pictures, in any combination of parts", async () => {
  const bytes = await png();
  const both = await sendForm({
    request: JSON.stringify({ text: TEXT, image: base64(bytes) }),
    image: new Blob([bytes]),
  });
  expect(await readProblem(both)).toMatchObject({ status: 422, errors: [{ pointer: "/image" }] });
  const form = new FormData();
  for (let copy = 0; copy < 2; copy++) form.append("image", new Blob([bytes]));
  const twice = await startApp().fetch("/v1/recognize", { method: "POST", body: form });
  expect(await readProblem(twice)).toMatchObject({ status: 422, errors: [{ pointer: "/image" }] });
});
