import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars, toUsd } from "../../schemas/money.ts";
import { DEFAULT_PLAN, PLANS, type Plan, type PlanName } from "../../schemas/plans.ts";
import { operationPrice, PaidOperation, priceOf, type Units } from "../../schemas/prices.ts";
import { RecognizeRequest } from "../../schemas/recognize.ts";
import { EntailRequest, SegmentRequest } from "../../schemas/stage-routes.ts";
import { mostUnits } from "../../schemas/units.ts";
import type { Described } from "../schema-comments.ts";
import { WITHOUT_ACCOUNT } from "./without-account.ts";

const HOUR_SECONDS = 60 * 60;
const MINUTE_SECONDS = 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** Time from the start of a request that a crash ended until its reservation is free, in seconds. */
const LOST_SECONDS = LIMITS.deadlineMs / 1000 + LIMITS.settleSeconds;

/**
 * docs/pricing.md: the prices, the plans, and how requests are paid.
 *
 * @param comments of schemas/prices.ts
 * @throws when a unit has no comment
 */
export function pricingPage(comments: ReadonlyMap<string, Described>): string {
  return `<!-- Written by scripts/build-docs.ts; change schemas/prices.ts, schemas/plans.ts or scripts/pages/pricing.ts instead. -->

# Keys and prices

With \`ACCESS=keys\`, the operations below need a key, and its account pays for what they deliver. \`ACCESS=keys npm start\` makes a key to try
it with. With \`ACCESS=open\`, the default on your own machine, nobody is asked and nothing is charged: \`charge\` of an answer is null.

\`\`\`
Authorization: Bearer nk_live_…
\`\`\`

## Prices

In US dollars, for each unit that an answer delivered. \`GET /v1/prices\` returns this table without a key, and \`x-price\` of an operation in
/openapi.json has its row.

| operation | an answer | each entity with a result | each mask | scope of the key |
| --- | ---: | ---: | ---: | --- |
${PaidOperation.options.map(priceRow).join("\n")}

The units are counted from the answer alone:

${unitLines(comments.get("Units")).join("\n")}

\`\`\`
${chargeLine()}
\`\`\`

\`charge\` is in every JSON answer and in the event \`end\` of a stream; the header \`X-Charge-Usd\` has the amount of every answer that is not a
stream. \`balance_usd\` is what the account had when the request began, less this charge and less what other requests had reserved then:
of two requests at the same time, neither shows the other's charge. \`GET /v1/balance\` has what there is now.

\`max_cost_usd\` of a request is not about these prices: it limits what the models cost the operator (docs/prices.md). \`max_entities\` and
\`task\` limit the charge.

## What is reserved, and what is charged

Before any work, the price of the most that the request may deliver is reserved. When the balance does not cover it, the answer is 402
\`payment_required\` with that amount, the balance and the ways to pay; nothing ran. The answer is charged what it delivered, and never more than
was reserved; the rest is free again at once. When a request is lost in a crash, nothing is charged, and what it had reserved is free again
${LOST_SECONDS} s after it began at the latest.

- \`/v1/recognize\` may deliver as many entities as \`max_entities\` allows, as the request sends, or as the text has room for (two characters
  each), whichever is least; with \`task: "smner"\`, one mask for each of them. Without a picture, or with \`task: "mner"\`, it is the answer alone.
- An entity may have several masks. When they exceed what was reserved, they are delivered all the same, and the charge ends at the reservation.
- The operations of single stages may deliver one result for each entity, or one mask for each box, that the request sends.

| request | reserved | delivered | charged |
| --- | ---: | --- | ---: |
${EXAMPLES.map(exampleRow).join("\n")}

## What is free

- Every problem: what fails, is refused, is broken off by its caller or runs out of time before there is an answer costs nothing, whatever the
  models did. (\`npm start\` does not notice that a caller hung up before the answer, and charges it: \`wrangler dev\` does not pass it on.)
- In an answer, also a partial one: entities of which nobody can tell (\`visible\` is null, no region), expressions that are null, and masks that
  are null.
- An answer that is sent again under an \`Idempotency-Key\`.
- \`/health\`, /openapi.json, the documents, \`GET /v1/prices\`, masks and overlays behind their links, and everything about the account itself:
  balance, usage, keys, top-ups, deletion.

## Repeating a request

Send \`Idempotency-Key\` (1 to ${LIMITS.idempotencyKeyLength} visible ASCII characters, best a random one) with a paid request, and it can be repeated without being run or charged
twice:

- For ${LIMITS.idempotencySeconds / HOUR_SECONDS} hours the same request gets the same answer byte by byte, with \`Idempotent-Replayed: true\` and the first request's id in
  \`X-First-Request-Id\`. Its \`charge\` is the first one's, so do not add it twice; the repeat has no \`X-Charge-Usd\`.
- The same request has the same operation, the same media types of body and answer, the same fields and the same picture, sent in the same
  way: as a file, as a string or as a URL. White space in JSON and the order of fields do not count.
- A key belongs to one way of answering: by a job (\`Prefer: respond-async\` or \`wait\`, or a \`webhook\`), or without one. The same request
  in the other way is another one. A repeat that gets a job may have another \`Accept\`, because that counts when the result is read.
- While the first one runs, and until what a crash left is free again: 409 \`request_in_flight\` with \`Retry-After\`.
- Another request under the same key: 422 \`idempotency_key_reused\`.
- A request that failed is free and not kept: the repeat runs.
- A request with a key goes on when the caller hangs up. It is charged, and the repeat gets the answer.
- With \`store: false\` no answer is kept, and the request ends when the caller hangs up. A repeat after an answer gets 409 \`answer_not_kept\`,
  which names the first request and its charge. So does one whose answer or job \`DELETE /v1/requests/{id}\` deleted.

The same \`Idempotency-Key\` with two operations, or with a live key and a test key, names two requests.

## Streams

A stream is charged at its end. A reader who leaves early pays for what was found by then, and the rest is not worked on. With an
\`Idempotency-Key\` the work goes on instead, the whole is charged, and a repeat gets the whole stream at once. A stream that ends with a
problem is free.

## Plans and limits

The operator chooses an account's plan; ${DEFAULT_PLAN} is the default.

| plan | requests a minute | requests a day | at the same time | body, MiB | entities or boxes |
| --- | ---: | ---: | ---: | ---: | ---: |
${Object.entries(PLANS).map(planRow).join("\n")}

They count paid requests of the account, by the minutes and days of UTC. The answer to each says what is left
(draft-ietf-httpapi-ratelimit-headers-11), \`t\` being the seconds until the window ends:

\`\`\`
${rateLimitLines(DEFAULT_PLAN).join("\n")}
\`\`\`

Beyond them the answer is 429 \`quota_exceeded\` or \`too_many_at_once\`, with \`Retry-After\`. Before any account is asked, requests are also counted
for each key, and for each network address that sends no valid one: 429 \`rate_limited\` (\`[[ratelimits]]\` in wrangler.toml).

## Topping up

- **By card**, where the deployment has Stripe: \`POST /v1/topups\` with a key of the scope \`admin\` and \`{"amount_usd": "20"}\` returns a
  checkout page. The amount is in whole cents, from USD ${usd(LIMITS.leastTopUpUsd)} to ${usd(LIMITS.mostTopUpUsd)}. The balance grows when Stripe reports the payment, once, however
  often it reports it.
- **By the operator**: \`npm run keys -- credit ACCOUNT AMOUNT\`.

A balance is at most USD ${usd(LIMITS.mostBalanceUsd)}, and never less than zero. A refund or a dispute takes its amount from the money that no running request has
reserved. What is missing is \`owed_usd\` in \`GET /v1/balance\`: it cannot be spent, and the next money pays it first.

## Without an account

${WITHOUT_ACCOUNT}

## Test keys

A key \`nk_test_…\` costs nothing: its answers have their units and \`amount_usd: "0"\`. It reaches the embedded models only, whatever the chains of the
deployment are, and exists only where the deployment has them (\`ENDPOINT_LOCAL\`). Plans count its requests too, and usage lists them with
an amount of 0.
`;
}

function priceRow(operation: PaidOperation): string {
  const { call_usd, entity_usd, mask_usd } = operationPrice(operation);
  const amounts = [call_usd, entity_usd, mask_usd].map((amount) => (amount === "0" ? "–" : amount));
  const scope = operation === "recognize" ? "recognize" : "stages";
  return `| \`POST /v1/${operation}\` | ${amounts.join(" | ")} | \`${scope}\` |`;
}

function unitLines(described: Described | undefined): string[] {
  return (["calls", "entities", "masks"] satisfies Array<keyof Units>).map((unit) => {
    const meaning = described?.fields.get(unit)?.comment;
    if (!meaning) throw new Error(`schemas/prices.ts has no comment on ${unit}`);
    return `- \`${unit}\`: ${meaning}`;
  });
}

/** A request of the page, and what its answer delivers. */
interface Example {
  readonly what: string;
  readonly operation: PaidOperation;
  readonly fields: unknown;
  readonly delivered: Units;
}

const TEXT = "Eileen Collins in Houston 🚀";
/** As long as a text with 25 names in it. */
const LONG_TEXT = "Ana, Ben and Carla. ".repeat(20);
const IMAGE = "https://host.example/photo.jpg";
const BOX = { xmin: 0, ymin: 0, xmax: 100, ymax: 100 };
const entities = (count: number) => Array.from({ length: count }, () => ({ text: "Ana", type: "PER" }));

const EXAMPLES: readonly Example[] = [
  {
    what: "`/v1/recognize`, a text alone, however many names",
    operation: "recognize",
    fields: RecognizeRequest.parse({ text: TEXT }),
    delivered: { calls: 1, entities: 0, masks: 0 },
  },
  {
    what: `\`/v1/recognize\`, \`${TEXT}\` and a picture: one name is visible and has a mask, nobody can tell of the other`,
    operation: "recognize",
    fields: RecognizeRequest.parse({ text: TEXT, image: IMAGE }),
    delivered: { calls: 1, entities: 1, masks: 1 },
  },
  {
    what: "the same with `max_entities: 2`",
    operation: "recognize",
    fields: RecognizeRequest.parse({ text: TEXT, image: IMAGE, max_entities: 2 }),
    delivered: { calls: 1, entities: 1, masks: 1 },
  },
  {
    what: "`/v1/recognize`, a text of 400 characters and a picture with 25 entities, each with a mask",
    operation: "recognize",
    fields: RecognizeRequest.parse({ text: LONG_TEXT, image: IMAGE }),
    delivered: { calls: 1, entities: 25, masks: 25 },
  },
  {
    what: "`/v1/entail`, three entities, one of them undecided",
    operation: "entail",
    fields: EntailRequest.parse({ image: IMAGE, entities: entities(3) }),
    delivered: { calls: 1, entities: 2, masks: 0 },
  },
  {
    what: "`/v1/segment`, six boxes, five masks",
    operation: "segment",
    fields: SegmentRequest.parse({ image: IMAGE, boxes: Array.from({ length: 6 }, () => ({ box: BOX })) }),
    delivered: { calls: 1, entities: 0, masks: 5 },
  },
];

function exampleRow({ what, operation, fields, delivered }: Example): string {
  const reserved = priceOf(operation, mostUnits(operation, fields));
  const charged = Math.min(reserved, priceOf(operation, delivered));
  const units = [
    "1 answer",
    ...(delivered.entities > 0 ? [delivered.entities === 1 ? "1 entity" : `${delivered.entities} entities`] : []),
    ...(delivered.masks > 0 ? [delivered.masks === 1 ? "1 mask" : `${delivered.masks} masks`] : []),
  ];
  return `| ${what} | ${toUsd(reserved)} | ${units.join(", ")} | ${toUsd(charged)} |`;
}

/** The charge of the second example, to an account that had 20 dollars. */
function chargeLine(): string {
  const units = { calls: 1, entities: 1, masks: 1 };
  const amount = priceOf("recognize", units);
  const charge = { amount_usd: toUsd(amount), units, balance_usd: toUsd(toNanoDollars("20") - amount) };
  return `"charge": ${JSON.stringify(charge)}`;
}

function planRow([name, plan]: [string, Plan]): string {
  const { minuteRequests, dayRequests, concurrentRequests, bodyBytes, entities: most } = plan;
  const numbers = [minuteRequests, dayRequests, concurrentRequests, bodyBytes / 1024 / 1024, most].map(usd);
  return `| ${name} | ${numbers.join(" | ")} |`;
}

function rateLimitLines(name: PlanName): string[] {
  const { minuteRequests, dayRequests } = PLANS[name];
  return [
    `RateLimit-Policy: "minute";q=${minuteRequests};w=${MINUTE_SECONDS}, "day";q=${dayRequests};w=${DAY_SECONDS}`,
    `RateLimit: "minute";r=${minuteRequests - 1};t=42, "day";r=${dayRequests - 1};t=40000`,
  ];
}

function usd(amount: number): string {
  return amount.toLocaleString("en-US");
}
