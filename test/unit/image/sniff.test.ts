import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { sniffPicture } from "../../../src/image/sniff.ts";
import { stripMetadata } from "../../../src/image/strip.ts";
import { ARITHMETIC, ascii, flatJpeg, segment } from "../../support/jpeg.ts";
import { animatedWebp, BLOCKS, drawBlocks, FORMS, type HandPng, handPng } from "../../support/picture-forms.ts";

const refused = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

test.each(FORMS)(
  "$name: its header says type, size and channels, with its metadata and without",
  async ({ type, encode, expected }) => {
    const bytes = new Uint8Array(await encode(drawBlocks()).toBuffer());
    const said = { type, ...BLOCKS, upright: BLOCKS, orientation: 1, animated: false, ...expected };
    expect(sniffPicture(bytes)).toEqual(said);
    expect(sniffPicture(stripMetadata(bytes, type, 1))).toEqual(said);
  },
);

describe("JPEG", () => {
  test.each([
    ["extended sequential", { frame: 0xc1 }, 1],
    ["RGB", { levels: [1, 2, 3] }, 3],
    ["YCCK", { levels: [1, 2, 3, 4], adobe: 2 }, 4],
    ["CMYK", { levels: [1, 2, 3, 4], adobe: 0 }, 4],
  ])("%s is taken", (_, form, components) => {
    expect(sniffPicture(flatJpeg(form))).toMatchObject({
      type: "image/jpeg",
      width: 8,
      height: 8,
      components,
      orientation: 1,
    });
  });

  test.each([
    ["lossless", flatJpeg({ frame: 0xc3 }), /a lossless JPEG/],
    ["lossless of 16 bits", flatJpeg({ frame: 0xc3, precision: 16 }), /a lossless JPEG/],
    ["extended of 12 bits", flatJpeg({ frame: 0xc1, precision: 12 }), /a JPEG with 12 bits/],
    ["of 16 bits", flatJpeg({ precision: 16 }), /a JPEG with 16 bits/],
    ["hierarchical", flatJpeg({ frame: 0xc5 }), /a hierarchical JPEG/],
    ["JPEG-LS", flatJpeg({ frame: 0xf7 }), /a JPEG-LS/],
    ["arithmetic-coded", ARITHMETIC[0] as Uint8Array, /an arithmetic-coded JPEG/],
    ["arithmetic-coded progressive", ARITHMETIC[1] as Uint8Array, /an arithmetic-coded JPEG/],
    ["of two channels", flatJpeg({ levels: [10, 200] }), /a JPEG with 2 channels/],
    ["whose height comes later", flatJpeg({ height: 0 }), /DNL/],
  ])("%s is refused by name", (_, bytes, detail) => {
    expect(() => sniffPicture(bytes)).toThrow(refused("picture_type_not_supported", detail));
  });

  test("two frames, the second larger than a decoder may meet, are refused", () => {
    const bytes = flatJpeg({});
    const at = Buffer.from(bytes).indexOf(Buffer.from([0xff, 0xc0]));
    const second = segment(0xc0, [8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0]);
    expect(() => sniffPicture(Uint8Array.from([...bytes.subarray(0, at), ...second, ...bytes.subarray(at)]))).toThrow(
      refused("invalid_picture", /more than one frame/),
    );
  });

  const tag = (orientation: number) =>
    segment(0xe1, [
      ...ascii("Exif\0\0MM\0*"),
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      orientation,
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
  const standing = (marker: number, ...parts: number[][]) => {
    const bytes = flatJpeg({});
    const at = Buffer.from(bytes).indexOf(Buffer.from([0xff, marker]));
    return Uint8Array.from([...bytes.subarray(0, at), ...parts.flat(), ...bytes.subarray(at)]);
  };

  test.each([
    ["before the frame", standing(0xc0, tag(6)), 6],
    ["behind the frame", standing(0xda, tag(8)), 8],
    ["twice: the first counts", standing(0xc0, tag(6), tag(3)), 6],
  ])("an orientation tag %s is read as sharp reads it", async (_, bytes, orientation) => {
    expect(sniffPicture(bytes).orientation).toBe(orientation);
    expect((await sharp(bytes).metadata()).orientation).toBe(orientation);
  });

  test("nothing that could tell of its maker is left, wherever it stood", async () => {
    const secret = "SECRET-48.8584N";
    const told = ascii(secret);
    const bytes = Uint8Array.from([
      0xff,
      0xd8,
      // JFIF with a thumbnail of 1 × 5, and its extension.
      ...segment(0xe0, [...ascii("JFIF\0"), 1, 2, 0, 0, 1, 0, 1, 1, 5, ...told]),
      ...segment(0xe0, [...ascii("JFXX\0"), 0x10, ...told]),
      ...segment(0xe1, [...ascii("http://ns.adobe.com/xap/1.0/\0"), ...told]),
      ...segment(0xe1, [...ascii("http://ns.adobe.com/xmp/extension/\0"), ...told]),
      ...segment(0xe2, [...ascii("MPF\0"), ...told]),
      ...segment(0xed, [...ascii("Photoshop 3.0\0"), ...told]),
      ...[0xe3, 0xe4, 0xeb, 0xec, 0xef].flatMap((marker) => segment(marker, told)),
      ...segment(0xfe, told),
      ...flatJpeg({ levels: [200] }).subarray(2),
      // A second picture behind the end, as MPF and motion photos have it.
      ...flatJpeg({}),
      ...told,
    ]);
    expect(sniffPicture(bytes)).toMatchObject({ width: 8, height: 8 });
    const stripped = stripMetadata(bytes, "image/jpeg", 1);
    expect(Buffer.from(stripped).includes(secret)).toBe(false);
    expect(stripped.length).toBe(flatJpeg({ levels: [200] }).length + 18);
    expect([...(await sharp(stripped).raw().toBuffer())]).toEqual(Array(64 * 3).fill(200));
  });
});

const PNG_FORMS = ([0, 2, 3, 4, 6] as const).flatMap((colourType) =>
  ([1, 2, 4, 8, 16] as const).flatMap((depth) =>
    [false, true].map((interlaced) => ({ colourType, depth, interlaced })),
  ),
);
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };

describe("PNG", () => {
  const plain = (more: Pick<HandPng, "colourType" | "depth"> & Partial<HandPng>) =>
    handPng({ width: 9, height: 5, sample: () => Array(CHANNELS[more.colourType]).fill(0), ...more });

  test.each(PNG_FORMS)(
    "colour type $colourType, $depth bits, interlaced $interlaced: taken where the specification has it",
    (form) => {
      const bytes = plain(form);
      if (DEPTHS[form.colourType].includes(form.depth))
        expect(sniffPicture(bytes)).toMatchObject({ width: 9, height: 5, animated: false });
      else expect(() => sniffPicture(bytes)).toThrow(refused("invalid_picture", /header/));
    },
  );

  test.each([
    ["before", true],
    ["behind", false],
  ])("an eXIf chunk %s the pixels is read, and an animation is seen", async (_, first) => {
    const exif = Uint8Array.from([
      ...ascii("MM\0*"),
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      5,
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
    const whole = plain({
      colourType: 0,
      depth: 8,
      chunks: [
        ["acTL", Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0)],
        ["eXIf", exif],
      ],
    });
    const at = Buffer.from(whole).indexOf("eXIf") - 4;
    const end = whole.length - 12;
    const chunk = whole.subarray(at, at + exif.length + 12);
    const bytes = first
      ? whole
      : Buffer.concat([whole.subarray(0, at), whole.subarray(at + chunk.length, end), chunk, whole.subarray(end)]);
    expect(sniffPicture(bytes)).toMatchObject({ orientation: 5, upright: { width: 5, height: 9 }, animated: true });
    // libvips overlooks one behind the pixels; once it is written anew, it stands before them.
    expect((await sharp(stripMetadata(bytes, "image/png", 5)).metadata()).orientation).toBe(5);
  });

  test("a second header, or one that is not the first chunk, is refused", () => {
    const bytes = plain({ colourType: 0, depth: 8 });
    const header = bytes.subarray(8, 33);
    const twice = Buffer.concat([bytes.subarray(0, 33), header, bytes.subarray(33)]);
    const late = Buffer.concat([
      bytes.subarray(0, 8),
      bytes.subarray(33, bytes.length - 12),
      header,
      bytes.subarray(bytes.length - 12),
    ]);
    for (const wrong of [twice, late]) expect(() => sniffPicture(wrong)).toThrow(refused("invalid_picture", /header/));
  });

  test("texts, times, EXIF, what nobody knows and what stands behind the end are gone; transparency stays", async () => {
    const secret = new TextEncoder().encode("SECRET-48.8584N");
    const named = ["tEXt", "zTXt", "iTXt", "eXIf", "tIME", "prVt", "sPLT", "hIST"].map(
      (type) => [type, secret] as const,
    );
    const palette = [["PLTE", Uint8Array.of(1, 2, 3, 200, 100, 50)] as const, ["tRNS", Uint8Array.of(0)] as const];
    const bytes = plain({ colourType: 3, depth: 1, chunks: [...palette, ...named], sample: (x) => [x % 2] });
    const stripped = stripMetadata(Buffer.concat([bytes, secret]), "image/png", 1);
    expect(Buffer.from(stripped).includes("SECRET")).toBe(false);
    expect(stripped).toEqual(plain({ colourType: 3, depth: 1, chunks: palette, sample: (x) => [x % 2] }));
  });
});

describe("WebP", () => {
  test("an animation says so", async () => {
    const bytes = new Uint8Array(await animatedWebp(drawBlocks()));
    expect(sniffPicture(bytes)).toMatchObject({ type: "image/webp", ...BLOCKS, animated: true, orientation: 1 });
  });

  test("an extended header that says another size than the picture inside is refused", async () => {
    const bytes = new Uint8Array(await drawBlocks().ensureAlpha(0.5).webp().toBuffer());
    expect(sniffPicture(bytes)).toMatchObject({ ...BLOCKS, components: 4 });
    for (const at of [24, 27]) {
      const lying = bytes.slice();
      lying[at] = 7;
      expect(() => sniffPicture(lying)).toThrow(refused("invalid_picture", /header/));
    }
  });

  test("an EXIF chunk that the extended header does not announce is not read, as libwebp does not", async () => {
    const bytes = new Uint8Array(
      await drawBlocks().ensureAlpha(0.5).webp().withMetadata({ orientation: 6 }).toBuffer(),
    );
    expect(sniffPicture(bytes).orientation).toBe(6);
    const silent = bytes.slice();
    silent[20] = (silent[20] ?? 0) & ~0x08;
    expect(sniffPicture(silent).orientation).toBe(1);
    expect((await sharp(silent).metadata()).orientation).toBeUndefined();
  });

  test("chunks that nobody knows, EXIF, XMP and what stands behind the end are gone", async () => {
    const secret = "SECRET-48.8584N!";
    const tagged = drawBlocks()
      .ensureAlpha(0.5)
      .webp()
      .withExif({ IFD0: { Copyright: secret } })
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${secret}</x:xmpmeta>`);
    const whole = await tagged.toBuffer();
    const unknown = Buffer.concat([Buffer.from("PRVT"), Buffer.from([secret.length, 0, 0, 0]), Buffer.from(secret)]);
    const bytes = Buffer.concat([whole, unknown, Buffer.from(secret)]);
    bytes.writeUInt32LE(whole.length + unknown.length - 8, 4);
    const stripped = stripMetadata(bytes, "image/webp", 1);
    expect(Buffer.from(stripped).includes("SECRET")).toBe(false);
    expect(await sharp(stripped).raw().toBuffer()).toEqual(await sharp(whole).raw().toBuffer());
  });
});

test.each([
  ["JPEG 2000", [0, 0, 0, 12, ...ascii("jP  \r\n"), 0x87, 10]],
  ["JPEG XL", [0xff, 0x0a, 0, 0]],
  ["JPEG XL", [0, 0, 0, 12, ...ascii("JXL \r\n"), 0x87, 10]],
])("%s is refused by its name", (name, bytes) => {
  expect(() => sniffPicture(Uint8Array.from(bytes))).toThrow(
    refused("picture_type_not_supported", new RegExp(`looks like ${name}`)),
  );
});
