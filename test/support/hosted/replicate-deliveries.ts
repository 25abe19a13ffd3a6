import type { Prediction, Session } from "./exchange.ts";
import { inStatus } from "./replicate-states.ts";
import type { Delivery } from "./script.ts";
import { sign } from "./webhook.ts";

/** The secret of another account. */
const FOREIGN = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==";

/**
 * Signs a prediction's callbacks, and delivers them when their address is on this machine. Events that the filter does
 * not name are left out. Redirects are not followed.
 */
export async function queueDeliveries(
  session: Session,
  url: string,
  events: readonly string[],
  id: string,
): Promise<void> {
  const { webhooks } = session.script;
  const prediction = session.predictions.get(id);
  if (!webhooks || !prediction) return;
  const { secret, now, deliveries = [{ tells: "end" }] } = webhooks;
  for (const [index, delivery] of deliveries.entries()) {
    if (!events.includes(delivery.tells === "end" ? "completed" : "start")) continue;
    const body = JSON.stringify(tell(prediction, delivery));
    const message = delivery.id ?? `msg_${id}_${index + 1}`;
    const headers = await sign(delivery.forged ? FOREIGN : secret, message, now - (delivery.age ?? 0), body);
    session.deliveries.push({ url, headers, body });
  }
  if (URL.parse(url)?.hostname !== "127.0.0.1") return;
  const waiting = session.deliveries.filter((delivery) => delivery.url === url);
  // In order, after the response that names the prediction was sent.
  setImmediate(async () => {
    for (const { headers, body } of waiting) {
      await fetch(url, { method: "POST", headers, body, redirect: "manual" }).catch(() => undefined);
    }
  });
}

function tell(prediction: Prediction, { tells }: Delivery): Prediction {
  return tells === "end" ? prediction : inStatus(prediction, tells);
}
