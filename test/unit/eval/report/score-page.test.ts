import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { EvaluatedFile } from "../../../../eval/readers/evaluated-file.ts";
import { scorePage } from "../../../../eval/report/score-page.ts";
import { pairPosts } from "../../../../eval/scorers/pair-posts.ts";
import { PROTOCOLS } from "../../../../eval/scorers/protocols/index.ts";
import { TASKS } from "../../../../eval/scorers/protocols/protocol.ts";
import { scoreSeries } from "../../../../eval/scorers/score-pairs.ts";
import { scoreReport } from "../../../../eval/scorers/score-report.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { rleOfPolygons } from "../../../../schemas/polygon.ts";
import { entity, strip } from "../../../support/evaluated-posts.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const post = (id: string, entities: EvaluatedPost["entities"]): EvaluatedPost => {
  return { id, offset_unit: "token", tokens: ["<b>Ted</b>", "&", "Rome"], entities };
};
const file = (posts: EvaluatedPost[]): EvaluatedFile => ({ kind: "posts", posts, notes: [], missing: {} });

async function pageOf(gold: EvaluatedPost[], predicted: EvaluatedPost[], images: string | null): Promise<string> {
  const [own, answered] = [file(gold), file(predicted)];
  const options = { maskIou: 0.5, candidates: null };
  const pairing = pairPosts(own, answered);
  const request = { gold: own, predictions: answered, pairing, protocols: PROTOCOLS, tasks: TASKS, options };
  const scored = { request, series: scoreSeries(request) };
  return scorePage(scoreReport(scored, null, 0), scored, images);
}

describe("scorePage", () => {
  const ted = (boxes = [strip(0, 10)]) => entity("PER", 0, 1, boxes, { text: "<b>Ted</b>" });

  it("draws the posts with most errors first, and leaves out those without", async () => {
    const gold = [post("good", [ted()]), post("bad", [ted()]), post("worse", [ted(), entity("LOC", 2, 3)])];
    const page = await pageOf(
      gold,
      [post("good", [ted()]), post("bad", [ted([strip(50, 60)])]), post("worse", [])],
      null,
    );
    expect([...page.matchAll(/<h3>(\w+): (\d) errors/g)].map(([, id, errors]) => `${id} ${errors}`)).toEqual([
      "bad 2",
      "worse 2",
    ]);
    expect(page).toContain('<rect class="gold" x="0" y="0" width="10" height="10"/>');
    expect(page).toContain('<rect class="predicted" x="50" y="0" width="10" height="10"/>');
    expect(page).toContain('viewBox="0 0 60 10"');
  });

  it("lets nothing of a post become markup, and has no script", async () => {
    const page = await pageOf([post("1", [ted()])], [post("1", [])], null);
    expect(page).not.toMatch(/<b>|<script/);
    expect(page).toContain("&#60;b&#62;Ted");
  });

  it("draws masks, and the picture in its own size where it can be read", async () => {
    const mask = rleOfPolygons({ size: [40, 60], polygons: [[[2, 1, 6, 1, 6, 3, 2, 3]]] });
    const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    const gold = ["1", "2"].map((id) => post(id, [entity("PER", 0, 1, [[2, 1, 6, 3]], { masks: [mask] })]));
    const empty = gold.map(({ id }) => post(id, []));
    const page = await pageOf(gold, empty, folderOf({ "1.jpg": picture, "2.jpg": "no picture" }));
    expect(page).toContain('<path class="gold" d="M6 1 6 3 2 3 2 1Z"/>');
    expect(page).toMatch(/<image href="data:image\/jpeg;base64,[^"]+" width="60" height="40"\/>/);
    expect(page.match(/<image/g)).toHaveLength(1);
  });
});
