import type { PostBody } from "../edge/post.ts";

/** Seconds for which a request waits for a job or a batch. */
const WAIT_S = 60;
/** Milliseconds of one second. */
const SECOND = 1_000;

/** Sends a post to `/v1/recognize`, and throws where the answer has another status. */
export async function recognize(
  product: string,
  { bytes, type }: PostBody,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): Promise<Response> {
  const request = { method: "POST", headers: { "content-type": type, ...headers }, body: bytes };
  return expectStatus(await fetch(`${product}/v1/recognize`, request), status);
}

/** Asks for an answer in the response, and reads it. */
export async function answerAtOnce(product: string, post: PostBody): Promise<void> {
  checkWhole(await (await recognize(product, post)).text());
}

/** Asks for a job and waits for its result in the same request. */
export async function answerInOneRequest(product: string, post: PostBody): Promise<void> {
  checkWhole(await (await recognize(product, post, { prefer: `wait=${WAIT_S}` })).text());
}

/** Begins a job; its id. */
export async function beginJob(product: string, post: PostBody): Promise<string> {
  const response = await recognize(product, post, { prefer: "respond-async" }, 202);
  return ((await response.json()) as { id: string }).id;
}

/** Begins a job, waits for its end, and fetches its result. */
export async function answerOfJob(product: string, post: PostBody): Promise<void> {
  await endOfJob(product, await beginJob(product, post));
}

/** Waits for the end of a job, and fetches its result. */
export async function endOfJob(product: string, id: string): Promise<void> {
  const job = `${product}/v1/jobs/${id}`;
  const { state } = (await (await get(`${job}?wait=${WAIT_S}`)).json()) as { state: string };
  if (state !== "succeeded") throw new Error(`the job ${id} is ${state} after ${WAIT_S} s`);
  checkWhole(await (await get(`${job}/result`)).text());
}

/** Sends posts as a batch and reads the result of each while it runs. Returns the seconds until the last one. */
export async function runBatch(product: string, posts: readonly PostBody[], concurrent: number): Promise<number> {
  const started = performance.now();
  const request = {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: posts.map(({ bytes }) => `${bytes.toString()}\n`).join(""),
  };
  const url = `${product}/v1/batches?max_concurrent=${concurrent}`;
  const { id } = (await (await expectStatus(await fetch(url, request), 202)).json()) as { id: string };
  const results = await (await get(`${product}/v1/batches/${id}/results?wait=${WAIT_S}`)).text();
  const seconds = (performance.now() - started) / SECOND;
  const whole = results.split("\n").filter((line) => line.includes('"partial":false')).length;
  if (whole !== posts.length) throw new Error(`${whole} of ${posts.length} lines have a whole answer`);
  return seconds;
}

/** The answer to a GET, which must be a 200. */
export async function get(url: string): Promise<Response> {
  return expectStatus(await fetch(url), 200);
}

async function expectStatus(response: Response, status: number): Promise<Response> {
  if (response.status === status) return response;
  throw new Error(`${response.url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
}

function checkWhole(answer: string): void {
  if (!answer.includes('"partial":false')) throw new Error(`not a whole answer: ${answer.slice(0, 500)}`);
}
