import sharp from "sharp";
import { scaleBox } from "../../schemas/geometry.ts";
import { rleOf } from "../../schemas/polygon.ts";
import type { Size } from "../../schemas/primitives.ts";
import type { Entity } from "../../schemas/recognize.ts";
import { resizeRle } from "../../schemas/rle.ts";
import { drawPng } from "../../src/image/overlay/draw-png.ts";
import { entityOf, maskWhere, type RegionChoices, regionOf } from "./overlay-entity.ts";
import { allFonts } from "./overlay-font.ts";

type Paint = (x: number, y: number) => readonly [red: number, green: number, blue: number];

/** A picture and what was found in it. */
export interface Scene {
  readonly size: Size;
  readonly paint: Paint;
  readonly entities: readonly Entity[];
  readonly partial?: boolean;
}

/** Draws as the Worker does: `overlayPng` only adds how the bundler loads wasm and fonts. */
export async function drawScene({ size, paint, entities, partial = false }: Scene): Promise<Uint8Array> {
  const { width, height } = size;
  const raw = Buffer.from(
    Array.from({ length: width * height }, (_, index) => paint(index % width, Math.floor(index / width))).flat(),
  );
  const png = await sharp(raw, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const picture = `data:image/png;base64,${png.toString("base64")}`;
  return drawPng({ picture, size, entities, partial }, allFonts);
}

/** The same scene in a picture with another long side. */
export function sceneAt({ size, paint, entities, partial = false }: Scene, side: number): Scene {
  const scale = side / Math.max(size.width, size.height);
  const scaled = { width: Math.round(size.width * scale) || 1, height: Math.round(size.height * scale) || 1 };
  return {
    size: scaled,
    paint: (x, y) => paint(Math.floor(x / scale), Math.floor(y / scale)),
    entities: entities.map((entity) => ({
      ...entity,
      regions: entity.regions.map((region) => ({
        ...region,
        box: scaleBox(region.box, scale, scale),
        mask: region.mask && resizeRle(rleOf(region.mask), scaled),
      })),
    })),
    partial,
  };
}

const within = (x: number, y: number, [cx, cy, rx, ry]: readonly [number, number, number, number]) =>
  ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;

/** Two people in front of a wall, as ellipses for heads and shoulders. */
const STAGE = { width: 480, height: 300 };
const LEFT = [
  [170, 110, 42, 52],
  [170, 290, 95, 130],
] as const;
const RIGHT = [
  [290, 120, 40, 50],
  [290, 300, 90, 130],
] as const;
const person = (parts: typeof LEFT | typeof RIGHT) => (x: number, y: number) =>
  parts.some((part) => within(x, y, part));
const people: Paint = (x, y) => {
  if (person(LEFT)(x, y)) return y < 162 ? [190, 140, 110] : [60, 70, 110];
  if (person(RIGHT)(x, y)) return y < 172 ? [120, 80, 60] : [150, 150, 160];
  return [225, 225 - Math.floor(y / 4), 205];
};

const left = (choices: RegionChoices, shift = 0) =>
  regionOf("r1", [75 + shift, 58, 265 + shift, 300], maskWhere(STAGE, person(LEFT)), choices);
const right = (choices: RegionChoices) => regionOf("r2", [200, 70, 380, 300], maskWhere(STAGE, person(RIGHT)), choices);

/** Two people who are told apart, and names that nothing shows. */
export const twoPeople = (shift = 0, score = 0.98, fifth = "Houston"): Scene => ({
  size: STAGE,
  paint: people,
  entities: [
    entityOf("e1", "Eileen Collins", "PER", true, [left({ link: { basis: "stated_position", score } }, shift)]),
    entityOf("e2", "Grace Hopper", "PER", true, [right({ link: { basis: "stated_position", score: 0.91 } })]),
    entityOf("e3", "NASA", "ORG", true),
    entityOf("e4", "Apollo", "OTHER", null),
    entityOf("e5", fifth, "LOC", false),
  ],
});

/** Two people of whom the text does not say who is who. */
export const twoGuesses = (basis: "guess" | "only_candidate" = "guess"): Scene => ({
  size: STAGE,
  paint: people,
  entities: [
    entityOf("e1", "Ana Ruiz", "PER", true, [left({ link: { basis, score: 0.52, alternatives: ["r2"] } })]),
    entityOf("e2", "Berta", "PER", true, [right({ link: { basis, score: 0.48, alternatives: ["r1"] } })]),
    entityOf("e3", "Clara", "PER", null),
    entityOf("e4", "Madrid", "LOC", false),
  ],
});

const CUP = { width: 64, height: 48 };
const ring = (hole: number) =>
  maskWhere(CUP, (x, y) => within(x, y, [30, 25, 18, 18]) && !within(x, y, [30, 25, hole, hole]));
const cup: Paint = (x, y) =>
  within(x, y, [30, 25, 18, 18]) ? (within(x, y, [30, 25, 7, 7]) ? [90, 50, 20] : [240, 240, 235]) : [130, 80, 50];

/** A cup in a small picture, its mask with a hole of this radius. */
export const espresso = (hole: number, type = "OTHER"): Scene => ({
  size: CUP,
  paint: cup,
  entities: [
    entityOf("e1", "Espresso", type, true, [
      regionOf("r1", [12, 7, 48, 43], ring(hole), { link: { basis: "only_candidate", score: 0.8 } }),
    ]),
  ],
});

/** Rows of things of one size, one for each entity: from the ninth on, colours repeat with a pattern. */
export const manyThings = (count: number): Scene => {
  const size = { width: 480, height: 100 + 90 * Math.ceil(count / 3) };
  const corner = (index: number) => [30 + 150 * (index % 3), 40 + 90 * Math.floor(index / 3)] as const;
  const inside = (index: number) => (x: number, y: number) => {
    const [left, top] = corner(index);
    return within(x, y, [left + 60, top + 25, 60, 25]);
  };
  return {
    size,
    paint: (x, y) => ((Math.floor(x / 40) + Math.floor(y / 40)) % 2 === 0 ? [205, 205, 200] : [70, 75, 80]),
    entities: Array.from({ length: count }, (_, index) => {
      const [xmin, ymin] = corner(index);
      const region = regionOf(`r${index + 1}`, [xmin, ymin, xmin + 120, ymin + 50], maskWhere(size, inside(index)));
      return entityOf(`e${index + 1}`, `Name ${index + 1}`, pick(TYPES, index), true, [region]);
    }),
  };
};

/** A poster with printed words and a face between them. */
const POSTER = { width: 360, height: 420 };
const poster: Paint = (x, y) => {
  if (y > 20 && y < 70 && x > 30 && x < 330 && x % 24 < 15) return [245, 240, 225];
  if (y > 340 && y < 372 && x > 90 && x < 270 && x % 18 < 11) return [245, 240, 225];
  return within(x, y, [180, 190, 70, 95]) ? [205, 160, 130] : [30, 60, 90];
};

const plain: Paint = () => [136, 136, 170];
const NAMES = ["Ada Lovelace", "Dublin", "FIFA", "Analytical Engine"];
const TYPES = ["PER", "LOC", "ORG", "OTHER"];
const pick = (from: readonly string[], index: number) => from[index % from.length] ?? "";

/** The scenes of the golden pictures. */
export const SCENES: Readonly<Record<string, Scene>> = {
  "two people who overlap": twoPeople(),
  "two people with guess marks": twoGuesses(),
  "nine entities": manyThings(9),
  "every pattern": manyThings(32),
  "print on a poster": {
    size: POSTER,
    paint: poster,
    entities: [
      entityOf("e1", "NORTHWIND", "ORG", true, [
        regionOf("r1", [30, 20, 330, 70], null, { evidence: "print", link: { basis: "printed_name", score: 0.97 } }),
      ]),
      entityOf("e2", "Mira Holt", "PER", true, [
        regionOf("r2", [105, 92, 255, 290], null, { evidence: "object", link: { basis: "only_candidate" } }),
      ]),
      entityOf("e3", "Vienna", "LOC", true, [
        regionOf("r3", [90, 340, 270, 372], null, { evidence: "print", link: { basis: "printed_name", score: 0.9 } }),
      ]),
    ],
  },
  "nothing is told": {
    size: STAGE,
    paint: people,
    entities: [
      entityOf("e1", "Ana Ruiz", "PER", null),
      entityOf("e2", "Berta", "PER", null, [left({ link: { basis: "guess", score: 0.3 } })]),
      entityOf("e3", "UNESCO", "ORG", null, [], "stage_failed"),
      entityOf("e4", "Carlos Vega", "PER", null, [], "refused"),
      entityOf("e5", "Madrid", "LOC", false),
      entityOf("e6", "Vuelta", "OTHER", false),
    ],
  },
  "more labels than there is room for": {
    size: { width: 400, height: 240 },
    paint: plain,
    entities: Array.from({ length: 20 }, (_, index) => {
      const [x, y] = [15 + ((index * 53) % 330), 15 + ((index * 37) % 180)];
      const region = regionOf(`r${index + 1}`, [x, y, x + 40, y + 40], null, { link: { score: index / 20 } });
      return entityOf(`e${index + 1}`, `${pick(NAMES, index)} ${index + 1}`, pick(TYPES, index), true, [region]);
    }),
  },
  "names in many scripts": {
    size: { width: 480, height: 300 },
    paint: plain,
    entities: [
      entityOf("e1", "ירושלים", "LOC", true, [regionOf("r1", [20, 40, 150, 120])]),
      entityOf("e2", "محمد صلاح 10", "PER", true, [regionOf("r2", [200, 40, 400, 120])]),
      entityOf("e3", "नरेन्द्र मोदी NASA", "PER", true, [regionOf("r3", [20, 160, 160, 200])]),
      entityOf("e4", "กรุงเทพมหานคร", "LOC", true, [regionOf("r4", [200, 160, 460, 200])]),
      entityOf("e5", "東京タワー 🗼", "LOC", true, [regionOf("r5", [20, 240, 160, 280])]),
      entityOf("e6", "김연아", "PER", true, [regionOf("r6", [200, 240, 300, 280])]),
      entityOf("e7", "习近平 · 蔡英文", "PER", false),
      entityOf("e8", "𝐁𝐨𝐥𝐝 Café", "ORG", false),
      entityOf("e9", "அம்மா", "PER", false),
      entityOf("e10", "👨‍👩‍👧 Łódź Αθήνα Київ", "OTHER", false),
      entityOf("e11", "אדם", "אדם", true),
      entityOf("e12", "A very long name that goes on and on and on and would leave the picture", "OTHER", null),
    ],
  },
  "a thin picture": {
    size: { width: 640, height: 4 },
    paint: plain,
    entities: [
      entityOf("e1", "Eileen Collins", "PER", true, [regionOf("r1", [80, 0, 360, 4])]),
      entityOf("e2", "Houston", "LOC", false),
    ],
  },
  "a small picture, its mask with a hole": espresso(7),
  "a partial answer": { ...twoPeople(), entities: twoPeople().entities.slice(0, 2), partial: true },
  "nothing to be seen": {
    size: { width: 320, height: 180 },
    paint: plain,
    entities: Array.from({ length: 25 }, (_, index) =>
      entityOf(`e${index + 1}`, pick(NAMES, index), pick(TYPES, index), index % 3 === 0 ? null : false),
    ),
  },
};
