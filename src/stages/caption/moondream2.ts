import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { joined, MOONDREAM_2 } from "../families/moondream.ts";
import { paragraphOf } from "./paragraph.ts";

export const moondream2 = replicateAdapter({
  stage: "caption",
  ...MOONDREAM_2,
  promptVersion: "moondream-describe-1",
  card: {
    title: "Moondream 2",
    ...replicatePrice,
    returns: "a few sentences",
    cannot: "describe as well as Moondream 3: this is a version of 2024",
  },
  ask: ({ image }) => ({
    image,
    prompt:
      "Describe this picture in a few sentences: what it shows as a whole, then each person and thing that stands out.",
  }),
  read: (output) => ({ caption: paragraphOf(joined(output)) }),
});
