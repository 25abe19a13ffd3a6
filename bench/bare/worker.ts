/**
 * What the product is compared with: a Hono Worker that does no more than a request needs. `POST /` reads JSON and
 * answers with JSON. `POST /call` asks one model between the two. `POST /replay` makes the calls of a plan.
 * `POST /admit` has requests admitted by one account of the product, and released.
 */
import { Hono } from "hono";
import { type AccountNamespace, type Admits, admitMany } from "./admits.ts";
import { replay } from "./replay.ts";

const app = new Hono<{ Bindings: { MODELS: string; ACCOUNTS: AccountNamespace } }>();

app.post("/", async (context) => {
  const body = await context.req.json<object>();
  return context.json({ fields: Object.keys(body).length });
});

app.post("/call", async (context) => {
  const body = await context.req.text();
  const headers = { "content-type": "application/json" };
  const asked = { method: "POST", headers, body: JSON.stringify({ input: JSON.parse(body) }) };
  const response = await fetch(`${context.env.MODELS}/mner/predictions`, asked);
  return context.json(await response.json());
});

app.post("/replay", async (context) => {
  const plan = await context.req.json();
  const ask = async (model: string) => {
    const response = await fetch(`${context.env.MODELS}/${model}/wait`, { method: "POST", body: "{}" });
    await response.arrayBuffer();
  };
  await replay(plan, ask);
  return context.json({});
});

app.post("/admit", async (context) => {
  return context.json({ outcomes: await admitMany(context.env.ACCOUNTS, await context.req.json<Admits>()) });
});

export default app;
