import * as z from "zod/mini";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { answerTo, FLORENCE_2 } from "../families/florence-2.ts";
import { paragraphOf } from "./paragraph.ts";

export const florence2 = replicateAdapter({
  stage: "caption",
  ...FLORENCE_2,
  inputs: ["image", "task_input"],
  card: {
    title: "Florence-2 large",
    ...replicatePrice,
    returns: "one paragraph",
    cannot: "be told what to describe",
  },
  ask: ({ image }) => ({ image, task_input: "More Detailed Caption" }),
  read: (output) => ({ caption: paragraphOf(answerTo("<MORE_DETAILED_CAPTION>", z.string(), output)) }),
});
