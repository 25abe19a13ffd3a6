import { expect, test } from "vitest";
import { sniffPicture } from "../../../src/image/sniff.ts";
import { ascii, flatJpeg, segment } from "../../support/jpeg.ts";
import { blackPng, dataUrl } from "../../support/png.ts";
import { COLLINS, entity, picture, readAnswer, readProblem, SIZE, scriptedPost, startApp, TEXT } from "../harness.ts";

const NAMES = ["Eileen Collins", "Felix", "Houston"];
const unreadable = () => Response.json({ status: "failed", error: "invalid_picture: premature end" });
const png = () => blackPng(SIZE.width, SIZE.height);

test("answers the text when no model can decode the picture, and says so once", async () => {
  const cog = scriptedPost();
  for (const stage of ["entailment", "grounding", "segmentation"]) cog.on(stage, unreadable);
  const answer = await readAnswer(await startApp(cog).post({ text: TEXT, image: await picture() }));
  expect(
    answer.entities.map(({ text, visible, visibility, regions }) => [text, visible, visibility.reason, regions]),
  ).toEqual(NAMES.map((name) => [name, null, "stage_failed", []]));
  expect(answer.partial).toBe(true);
  expect(answer.problems).toMatchObject([{ code: "invalid_picture", errors: [{ pointer: "/image" }] }]);
});

test("answers in full from what came of a picture that is cut off, and says so once", async () => {
  const bytes = (await png()).subarray(0, -14);
  const answer = await readAnswer(await startApp().post({ text: TEXT, image: dataUrl(bytes) }));
  expect(answer).toMatchObject({
    partial: false,
    image: SIZE,
    problems: [
      {
        code: "picture_cut_off",
        status: 200,
        detail: expect.stringContaining("IEND"),
        errors: [{ pointer: "/image", value: `${bytes.length} bytes` }],
      },
    ],
  });
  expect(entity(answer, "e1")).toMatchObject({ visible: true, regions: [{ box: COLLINS }] });
});

test("answers the text wherever a picture is cut off behind its header", async () => {
  const files: [string, Uint8Array, number][] = [
    ["image/png", await png(), 33],
    ["image/jpeg", flatJpeg({ levels: [10, 20, 30] }), 120],
  ];
  const app = startApp();
  for (const [type, bytes, header] of files) {
    for (let length = header; length < bytes.length; length += 7) {
      const answer = await readAnswer(
        await app.post({ text: TEXT, image: dataUrl(bytes.subarray(0, length), type), task: "gmner" }),
      );
      expect(answer.entities.map(({ text }) => text)).toEqual(NAMES);
      expect(answer.problems.map(({ code }) => code)).toEqual(["picture_cut_off"]);
    }
  }
});

test("still refuses a picture whose header is cut off", async () => {
  const image = dataUrl((await png()).subarray(0, 25));
  expect(await readProblem(await startApp().post({ text: TEXT, image }))).toMatchObject({
    status: 422,
    code: "invalid_picture",
    errors: [{ pointer: "/image" }],
  });
});

test("reads a JPEG with stray bytes between its segments, and hands on no metadata behind them", async () => {
  const bytes = flatJpeg({ levels: [10, 20, 30] });
  const secret = segment(0xe1, ascii("Exif\0\0 GPS 48.8584N"));
  const dirty = Uint8Array.from([0xff, 0xd8, 1, 2, 3, ...secret, 9, 0xff, 0, ...bytes.subarray(2)]);
  // Without a public URL, models get the bytes themselves.
  const app = startApp(scriptedPost(), {}, { PUBLIC_URL: "" });
  const answer = await readAnswer(await app.post({ text: TEXT, image: dataUrl(dirty, "image/jpeg"), task: "gmner" }));
  expect(answer).toMatchObject({ problems: [], image: { width: 8, height: 8 } });
  const [{ image: sent }] = app.cog.asked("grounding") as [{ image: string }];
  const kept = Uint8Array.from(atob(sent.slice(sent.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
  expect(kept).toEqual(bytes);
  expect(sniffPicture(kept)).toMatchObject({ width: 8, height: 8 });
});
