import { bundledFont, bundledFontBytes } from "./bundled-font.ts";
import type { Fonts } from "./draw-png.ts";
import { joinFonts, readFont } from "./font.ts";
import { MAIN_FAMILY } from "./lettering.ts";

/** A font of scripts that DejaVu Sans lacks. */
interface ScriptFont {
  readonly family: string;
  readonly letters: RegExp;
  /** Reads the file, which is compressed with gzip. */
  load(): Promise<{ default: ArrayBuffer }>;
}

/** Each is read when a name first needs it: most posts need none. */
const SCRIPT_FONTS: readonly ScriptFont[] = [
  {
    family: "Noto Sans Thai",
    letters: /\p{Script=Thai}/u,
    load: () => import("./fonts/NotoSansThai-Bold.ttf.gz"),
  },
  {
    family: "Noto Sans Devanagari",
    letters: /\p{Script=Devanagari}/u,
    load: () => import("./fonts/NotoSansDevanagari-Bold.ttf.gz"),
  },
  {
    family: "Droid Sans Fallback",
    letters: /\p{Script_Extensions=Han}|\p{Script_Extensions=Hira}|\p{Script_Extensions=Kana}|\p{Script=Hangul}/u,
    load: () => import("./fonts/DroidSansFallback-names.ttf.gz"),
  },
];

/**
 * The fonts that these texts need: DejaVu Sans, and one for each further script that they use. One that cannot be read
 * is left out: the picture is drawn all the same, and its legend says for which names it lacks letters.
 */
export async function loadFonts(texts: readonly string[], scriptFonts = SCRIPT_FONTS): Promise<Fonts> {
  const needed = scriptFonts.filter(({ letters }) => texts.some((text) => letters.test(text)));
  const results = await Promise.allSettled(
    needed.map(async ({ family, load }) => {
      const file = await unzip((await load()).default);
      return { family, file: new Uint8Array(file), font: readFont(file, family) };
    }),
  );
  const loaded = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  return {
    font: joinFonts([bundledFont, ...loaded.map(({ font }) => font)]),
    files: new Map([[MAIN_FAMILY, bundledFontBytes], ...loaded.map(({ family, file }) => [family, file] as const)]),
  };
}

async function unzip(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
