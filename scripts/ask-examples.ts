/** The id in example answers, in place of the request's own. */
const EXAMPLE_ID = "req_01KB2Q4V8N0000000000000000";
/** The host in the links of example answers, in place of the deployment's own (RFC 2606, section 3). */
const EXAMPLE_ORIGIN = "https://namesight.example";

/**
 * Send the first example request of each operation to a deployment.
 *
 * @param url the deployment's origin
 * @param requests example requests by operation id and name; operation `x` is `POST /v1/x`
 * @returns the answers by operation id, with the example's id and host in place of the deployment's
 * @throws when an operation does not answer 200
 */
export async function askExamples(
  url: string,
  requests: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const [operation, examples] of Object.entries(requests)) {
    const response = await fetch(`${url}/v1/${operation}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(Object.values(examples)[0]),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${operation}: HTTP ${response.status} ${text}`);
    // The id is also part of the overlay's link.
    const { id } = JSON.parse(text) as { id: string };
    answers[operation] = JSON.parse(text.replaceAll(url, EXAMPLE_ORIGIN).replaceAll(id, EXAMPLE_ID));
  }
  return answers;
}
