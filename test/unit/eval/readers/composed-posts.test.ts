import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { drawPost, readComposedPosts, readSubjects } from "../../../../eval/readers/composed-posts.ts";

const path = (name: string) => fileURLToPath(new URL(`../../../../${name}`, import.meta.url));
const subjects = readSubjects(readFileSync(path("eval/data/subjects.json"), "utf8"));
const SOURCES = { folder: path("examples"), subjects };

const POST = {
  id: "sign-1",
  kind: "print",
  text: "Ana is here",
  format: "png",
  picture: {
    width: 200,
    height: 60,
    colour: "#ffffff",
    layers: [{ id: "sign", print: "ANA", x: 5, y: 5, size: 30, colour: "#000000" }],
  },
  entities: [{ text: "Ana", type: "PER", start: 0, end: 3, of: ["sign"], decided: true }],
};

describe("readComposedPosts", () => {
  it("reads a post a line and skips blank lines", () => {
    expect(readComposedPosts(`${JSON.stringify(POST)}\n\n${JSON.stringify(POST)}\n`)).toEqual([POST, POST]);
  });

  const entity = POST.entities[0];
  it.each([
    ["a span is not the entity's text", "line 2, entities.0.text", { ...POST, entities: [{ ...entity, end: 4 }] }],
    ["no layer has an id", "line 2, entities.0.of", { ...POST, entities: [{ ...entity, of: ["man"] }] }],
    ["a type is unknown", "line 2, entities.0.type", { ...POST, entities: [{ ...entity, type: "DOG" }] }],
    ["a field is missing", "line 2, format", { ...POST, format: undefined }],
    ["the line is a number", "line 2, the post", 7],
  ])("names the line and the field when %s", (_, where, post) => {
    expect(() => readComposedPosts(`${JSON.stringify(POST)}\n${JSON.stringify(post)}`)).toThrow(where);
  });

  it("names the line when it is no JSON", () => {
    expect(() => readComposedPosts("{")).toThrow("line 1, the post");
  });
});

describe("drawPost", () => {
  it("gives the picture as a data URL and what can be seen of its layers", async () => {
    const { image, layers } = await drawPost(readComposedPosts(JSON.stringify(POST))[0] ?? ({} as never), SOURCES);
    expect(image.startsWith("data:image/png;base64,")).toBe(true);
    expect(layers).toMatchObject([{ id: "sign", kind: "print", box: { xmin: 5 } }]);
  });

  it("names the post when its picture cannot be drawn", async () => {
    const layer = { subject: "nobody", cut: false, x: 0, y: 0, width: 9, id: "sign" };
    const post = { ...POST, picture: { ...POST.picture, layers: [layer] } };
    const [read] = readComposedPosts(JSON.stringify(post));
    await expect(drawPost(read ?? ({} as never), SOURCES)).rejects.toThrow("sign-1: there is no subject");
  });
});

describe.each(["pictures.jsonl", "pictures-blind.jsonl"].filter((name) => existsSync(path(`eval/data/${name}`))))(
  "%s",
  (name) => {
    const posts = readComposedPosts(readFileSync(path(`eval/data/${name}`), "utf8"));

    it("has unique ids, and subjects that are listed", () => {
      expect(new Set(posts.map(({ id }) => id)).size).toBe(posts.length);
      const used = posts.flatMap(({ picture }) =>
        picture.layers.flatMap((layer) => ("subject" in layer ? layer.subject : [])),
      );
      expect(used.filter((subject) => !subjects[subject])).toEqual([]);
    });
  },
);
