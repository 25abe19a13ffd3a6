import { LIMITS } from "../../../../schemas/limits.ts";
import { describeCog } from "../cog-contract.ts";

const output = { model: "captioner", version: "1", caption: "A woman in an orange suit before a flag." };

describeCog("caption", {
  input: { image: "https://namesight.test/p", size: { width: 20, height: 10 } },
  output,
  wrong: {
    "an empty caption": { ...output, caption: "" },
    "a caption that is too long": { ...output, caption: "x".repeat(LIMITS.expressionLength + 1) },
    "captions in a list": { ...output, caption: ["A woman"] },
  },
});
