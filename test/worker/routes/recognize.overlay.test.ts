import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { FAULTS } from "../../support/scripted-cog.ts";
import { picture, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

test("image/svg+xml: the picture, its boxes and what is not in it", async () => {
  const response = await startApp().post({ text: TEXT, image: await picture() }, { accept: "image/svg+xml" });
  expect([response.status, response.headers.get("content-type"), response.headers.get("vary")]).toEqual([
    200,
    "image/svg+xml",
    "Accept",
  ]);
  const svg = await response.text();
  expect(svg).toContain(`href="${await picture()}"`);
  expect(svg).toContain("In the picture: Eileen Collins (PER)");
});

test("image/png: drawn in the Worker, text and all", async () => {
  const response = await startApp().post({ text: TEXT, image: await picture() }, { accept: "image/png" });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
  const bytes = new DataView(await response.arrayBuffer());
  // The picture of 80 × 60 is enlarged, and the strip below it makes the drawing higher.
  expect([bytes.getUint32(0), bytes.getUint32(16)]).toEqual([0x89504e47, LIMITS.overlayLeastSide]);
  expect(bytes.getUint32(20)).toBeGreaterThan(240);
});

test("the form that Accept rates highest is given", async () => {
  const response = await startApp().post(
    { text: TEXT, image: await picture() },
    { accept: "image/png;q=0.2, image/svg+xml;q=0.5, */*;q=0.1" },
  );
  expect(response.headers.get("content-type")).toBe("image/svg+xml");
});

test("a WebP cannot be drawn as PNG without the picture stage: the problem names SVG", async () => {
  // A lossy WebP of 1 × 1.
  const webp = "data:image/webp;base64,UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
  const app = startApp(scriptedPost().on("picture", FAULTS.unreachable));
  const response = await app.post({ text: TEXT, image: webp }, { accept: "image/png" });
  expect(await readProblem(response)).toMatchObject({
    code: "overlay_not_drawable",
    title: expect.stringContaining("image/svg+xml"),
  });
});
