import { describeCog } from "../cog-contract.ts";

const output = {
  model: "sharp",
  version: "0.35.5",
  image: "data:image/jpeg;base64,/9j/",
  width: 40,
  height: 60,
  original: { width: 400, height: 600 },
};

describeCog("picture", {
  input: { image: "https://namesight.test/p", max_side: 2_048 },
  output,
  wrong: {
    "a link instead of the picture": { ...output, image: "https://elsewhere.test/p" },
    "a width that no model gets": { ...output, width: 2 ** 31 },
    "a width of zero": { ...output, width: 0 },
    "no size of the original": { ...output, original: undefined },
  },
});
