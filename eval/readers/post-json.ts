import { Prediction } from "../../schemas/cog.ts";

/**
 * POST a JSON body and read the JSON answer. Throws, with the answer's first 500 characters, for any status but 2xx.
 */
export async function postJson(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  return response.json();
}

/** A stage's answer at a functions host, which speaks Cog's protocol. Throws when the prediction did not succeed. */
export async function predictStage(functionsUrl: string, stage: string, input: unknown): Promise<unknown> {
  const { status, output, error } = Prediction.parse(await postJson(`${functionsUrl}/${stage}/predictions`, { input }));
  if (status !== "succeeded") throw new Error(`the ${stage} stage ${status}: ${error}`);
  return output;
}
