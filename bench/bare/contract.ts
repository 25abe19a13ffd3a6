/** A bare Hono Worker that loads the contract: what any Worker that speaks it has to start. */
import { Hono } from "hono";
import { RecognizeAnswer, RecognizeRequest } from "../../schemas/recognize.ts";
import { STAGES } from "../../schemas/stages/index.ts";

const app = new Hono();
app.post("/", async (context) => {
  const body: unknown = await context.req.json();
  const accepted = [RecognizeRequest, RecognizeAnswer, ...Object.values(STAGES).map(({ output }) => output)];
  return context.json({ accepted: accepted.filter((schema) => schema.safeParse(body).success).length });
});

export default app;
