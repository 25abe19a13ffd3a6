import { describe, expect, it } from "vitest";
import { postTemplate, textOf } from "../../../../bench/edge/post.ts";
import { NAMES } from "../../../../bench/models/answers.ts";

describe("textOf", () => {
  it("names so many people, and is filled up to a length", () => {
    const text = textOf(3, 1_000);
    expect(NAMES.filter((name) => text.includes(name))).toEqual(NAMES.slice(0, 3));
    expect(text).toHaveLength(1_000);
  });
});

describe("postTemplate", () => {
  it("makes JSON whose text has the number", async () => {
    const template = await postTemplate(textOf(1), null, { store: "false" });
    const { bytes, type } = template.at(42);
    expect(type).toBe("application/json");
    expect(JSON.parse(bytes.toString())).toEqual({ text: "Ada Lovelace at the fair 0000000042", store: "false" });
    expect(template.at(43).bytes.length).toBe(bytes.length);
  });

  it("makes a form with the picture", async () => {
    const { bytes, type } = (await postTemplate(textOf(1), Buffer.from("picture"))).at(7);
    const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
    expect(form.get("text")).toBe("Ada Lovelace at the fair 0000000007");
    expect(await (form.get("image") as File).text()).toBe("picture");
  });
});
