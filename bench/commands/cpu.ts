import { type ProfileSummary, summariseProfile } from "../cpu/profile.ts";
import { nextNumber, recognizePost } from "../edge/measure.ts";
import { jpegOf } from "../edge/picture.ts";
import { postTemplate, textOf } from "../edge/post.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, SETUPS } from "../edge/setups.ts";
import type { Figure } from "../figures.ts";
import { connectInspector, type Inspector } from "../memory/inspector.ts";
import { median } from "../statistics.ts";

const RUNS = 5;
/** Posts of one profile, and those before the first, so that V8 has compiled what it will. */
const [POSTS, WARMING] = [10, 20];
const GOAL = { most: 5 };
const SHOWN = 25;

/** How an isolate is reached, and how a picture is made. */
export interface CpuTools {
  readonly connect: (port: string, name: string) => Promise<Pick<Inspector, "profile" | "close">>;
  readonly pictureOf: (bytes: number) => Promise<Buffer>;
}

const MEASURED = [
  { name: "500 kB photo, 3 masks", bytes: 500_000, fields: {}, goal: GOAL },
  { name: "500 kB photo, 3 masks, store: false", bytes: 500_000, fields: { store: "false" } },
  { name: "50 kB photo, 3 masks", bytes: 50_000, fields: {} },
];

/**
 * The time of the processor that the Worker's isolate takes for a request: JavaScript and garbage collection by V8's
 * profile, with models that take no time. `print` gets the functions that take most.
 */
export function benchCpu(
  session: Session,
  print: (line: string) => void = () => undefined,
  { connect, pictureOf }: CpuTools = { connect: connectInspector, pictureOf: jpegOf },
): Promise<Figure[]> {
  return session.at(SETUPS.batching.chains, async ({ product, inspectorPort }) => {
    await session.configure(SETUPS.batching, PROFILES.none);
    const inspector = await connect(String(inspectorPort), "product");
    const figures: Figure[] = [];
    for (const { name, bytes, fields, goal } of MEASURED) {
      const send = recognizePost(product, await postTemplate(textOf(3), await pictureOf(bytes), fields), 3);
      const post = async (count: number) => {
        for (let sent = 0; sent < count; sent++) await send(nextNumber());
      };
      await post(WARMING);
      const summaries: ProfileSummary[] = [];
      while (summaries.length < RUNS)
        summaries.push(summariseProfile(await inspector.profile(() => post(POSTS)), SHOWN));
      const each = (figure: (summary: ProfileSummary) => number) => median(summaries.map(figure)) / POSTS;
      figures.push({
        bench: "cpu",
        name,
        value: each(({ busy }) => busy),
        unit: "ms",
        ...(goal && { goal }),
        detail: `garbage ${each(({ garbage }) => garbage).toFixed(2)} ms; runtime and simulators ${each(({ program }) => program).toFixed(2)} ms`,
      });
      print(`${name}: ms a post`);
      for (const { name: called, ms } of summaries.at(-1)?.functions ?? [])
        print(`  ${(ms / POSTS).toFixed(3).padStart(8)}  ${called}`);
    }
    inspector.close();
    return figures;
  });
}
