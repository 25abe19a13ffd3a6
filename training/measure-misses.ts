/**
 * How often the object detector finds what is there, for functions/evidence/looking.ts:
 *
 *     node training/measure-misses.ts
 *
 * First, 60 crops of each photo of eval/data/subjects.json whose subject is of one of COCO's classes; a crop keeps at
 * least 0.6 of the subject's box. Second, cut-outs of the people: six heights, straight and mirrored, in two places, on
 * five backgrounds. A cut-out has a hard edge and a strange background, so that the second recall is a lower bound.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { composePicture } from "../eval/pictures/compose.ts";
import type { Layer, Recipe, Subjects } from "../eval/pictures/recipe.ts";
import { loadObjectDetector } from "../functions/detect/objects.ts";
import { PictureStore } from "../functions/pictures.ts";
import { boxArea, intersectBoxes } from "../schemas/geometry.ts";

const CLASSES: Readonly<Record<string, string>> = {
  astronaut: "person",
  camera: "person",
  hopper: "person",
  moonwalker: "person",
  cat: "cat",
  dog: "dog",
  parrot: "bird",
  cup: "cup",
  car: "car",
};
const CROPS = 60;
const LEAST_SHARE = 0.6;
const SIZE = { width: 900, height: 600 };
const HEIGHTS = [0.25, 0.4, 0.55, 0.7, 0.85, 1];
const BACKGROUNDS: ReadonlyArray<readonly Layer[]> = [
  [],
  ...["china.jpg", "coffee.png", "rocket.jpg", "hubble_deep_field.jpg"].map((photo): Layer[] => [
    { photo: `photos/${photo}`, x: 0, y: 0, width: SIZE.width },
  ]),
];

const folder = fileURLToPath(new URL("../examples", import.meta.url));
const subjects: Subjects = JSON.parse(await readFile(new URL("../eval/data/subjects.json", import.meta.url), "utf8"));
const pictures = new PictureStore();
const detector = await loadObjectDetector();
const counts = new Map<string, { of: number; objects: number; traces: number }>();

async function look(kind: string, recipe: Recipe, keys: readonly string[]): Promise<void> {
  const { bytes } = await composePicture(recipe, "jpeg", { folder, subjects });
  const picture = await pictures.open(`data:image/jpeg;base64,${bytes.toString("base64")}`);
  const { objects, traces } = await detector.detect(picture);
  for (const key of keys) {
    const before = counts.get(key) ?? { of: 0, objects: 0, traces: 0 };
    const isFound = objects.some(({ label }) => label === kind);
    counts.set(key, {
      of: before.of + 1,
      objects: before.objects + Number(isFound),
      traces: before.traces + Number(traces.has(kind)),
    });
  }
}

/** A linear congruential generator (Lehmer), so that every run makes the same crops. */
let state = 1;
function random(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

for (const [name, kind] of Object.entries(CLASSES)) {
  const subject = subjects[name];
  if (!subject) continue;
  const { box } = subject;
  const photo = await sharp(join(folder, subject.photo)).metadata();
  // Each edge of a crop is up to 0.3 of the box's side off the box's edge, and inside the photo.
  const [width, height] = [box.xmax - box.xmin, box.ymax - box.ymin];
  for (let crop = 0; crop < CROPS; ) {
    const edges = {
      xmin: Math.max(0, Math.round(box.xmin + (random() - 0.6) * width * 0.5)),
      ymin: Math.max(0, Math.round(box.ymin + (random() - 0.6) * height * 0.5)),
      xmax: Math.min(photo.width, Math.round(box.xmax + (random() - 0.4) * width * 0.5)),
      ymax: Math.min(photo.height, Math.round(box.ymax + (random() - 0.4) * height * 0.5)),
    };
    if (boxArea(intersectBoxes(edges, box)) < LEAST_SHARE * boxArea(box)) continue;
    crop++;
    const layer: Layer = { subject: name, cut: false, crop: edges, flip: random() < 0.5, x: 0, y: 0, height: 480 };
    const across = Math.max(64, Math.round((480 * (edges.xmax - edges.xmin)) / (edges.ymax - edges.ymin)));
    const recipe = { width: across, height: 480, colour: "#d8d8d8", layers: [layer] };
    await look(kind, recipe, [
      `crops of photos, ${kind === "person" ? "people" : "things"}`,
      `crops of photos, ${name}`,
    ]);
  }
}
for (const name of Object.keys(CLASSES).filter((one) => CLASSES[one] === "person" && subjects[one]?.mask)) {
  for (const share of HEIGHTS) {
    for (const flip of [false, true]) {
      for (const x of [20, 420]) {
        for (const background of BACKGROUNDS) {
          const height = share * SIZE.height;
          const person: Layer = { subject: name, cut: true, flip, x, y: SIZE.height - height, height };
          const recipe = { ...SIZE, colour: "#d8d8d8", layers: [...background, person] };
          await look("person", recipe, ["cut-outs, people", `cut-outs, height ${share}`, `cut-outs, ${name}`]);
        }
      }
    }
  }
}
for (const [key, { of, objects, traces }] of counts)
  process.stdout.write(`${key}: found in ${objects} of ${of}, a trace in ${traces}\n`);
