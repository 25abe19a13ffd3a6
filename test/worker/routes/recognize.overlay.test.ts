import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { concat } from "../../../src/image/bytes.ts";
import { toDataUrl } from "../../../src/image/data-url.ts";
import { pngChunk } from "../../../src/image/png-chunk.ts";
import { blackPng } from "../../support/png.ts";
import { FAULTS } from "../../support/scripted-cog.ts";
import { picture, readProblem, SIZE, scriptedPost, startApp, TEXT } from "../harness.ts";

test("draws an SVG with the picture and its entities", async () => {
  const response = await startApp().post({ text: TEXT, image: await picture() }, { accept: "image/svg+xml" });
  expect([response.status, response.headers.get("content-type"), response.headers.get("vary")]).toEqual([
    200,
    "image/svg+xml",
    "Accept",
  ]);
  const svg = await response.text();
  expect(svg).toContain(`href="${await picture()}"`);
  expect(svg).toContain("In the picture: Eileen Collins (person)");
});

test("draws a PNG with its legend", async () => {
  const response = await startApp().post({ text: TEXT, image: await picture() }, { accept: "image/png" });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
  const bytes = new DataView(await response.arrayBuffer());
  // The picture of 80 × 60 is enlarged to a height of 240, and the legend lies below it.
  expect([bytes.getUint32(0), bytes.getUint32(16)]).toEqual([0x89504e47, LIMITS.overlayLeastSide]);
  expect(bytes.getUint32(20)).toBeGreaterThan(240);
});

test("answers the media type with the highest quality in Accept", async () => {
  const response = await startApp().post(
    { text: TEXT, image: await picture() },
    { accept: "image/png;q=0.2, image/svg+xml;q=0.5, */*;q=0.1" },
  );
  expect(response.headers.get("content-type")).toBe("image/svg+xml");
});

test("answers PNG when Accept asks for any image", async () => {
  for (const accept of ["image/*", "image/*;q=0.5", "text/html, image/*"]) {
    const response = await startApp().post({ text: TEXT, image: await picture() }, { accept });
    expect([accept, response.headers.get("content-type")]).toEqual([accept, "image/png"]);
  }
});

test("has a picture of many bytes converted first, and draws on it however many it then has", async () => {
  const png = await blackPng(80, 60);
  const profile = pngChunk("iCCP", new Uint8Array(LIMITS.overlaySourceBytes));
  const image = toDataUrl(concat([png.subarray(0, 33), profile, png.subarray(33)]), "image/png");
  const converted = { model: "scripted", version: "7", image, ...SIZE, original: SIZE };
  const app = startApp(scriptedPost().on("picture", () => converted));
  const response = await app.post({ text: TEXT, image }, { accept: "image/png" });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
  expect(app.cog.asked("picture")).toMatchObject([{ max_side: LIMITS.overlaySide }]);
});

test("answers overlay_not_drawable, which names SVG, when a WebP cannot be converted", async () => {
  // A lossy WebP of 1 × 1.
  const webp = "data:image/webp;base64,UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
  const app = startApp(scriptedPost().on("picture", FAULTS.unreachable));
  const response = await app.post({ text: TEXT, image: webp }, { accept: "image/png" });
  expect(await readProblem(response)).toMatchObject({
    code: "overlay_not_drawable",
    title: expect.stringContaining("image/svg+xml"),
  });
});
