import { LIMITS } from "../../schemas/limits.ts";

/** docs/pricing.md, "Without an account", below its heading. */
export const WITHOUT_ACCOUNT = `Where the operator has set the four variables \`X402_…\` of wrangler.toml, a paid request may bring its payment with it, by x402 version 2. It needs no
key and no account. Where they are not set, every paid operation needs a key.

1. Send the request without a key. The answer is 402 \`payment_required\`; its header \`PAYMENT-REQUIRED\` has the terms, and \`payment\` of the
   document the same amount in dollars: the most that this request may cost, in a stablecoin of six decimals. Without a
   payment a body may have ${LIMITS.unpaidBodyBytes / 1024 ** 2} MiB, with one ${LIMITS.bodyBytes / 1024 ** 2}: send a larger picture by its address.
2. Sign a payment of these terms with an x402 client, and send the same request with it in the header \`PAYMENT-SIGNATURE\`.
3. The answer comes with the header \`PAYMENT-RESPONSE\`: what was taken, and its transaction.

| scheme | what is taken | what the payer needs |
| --- | --- | --- |
| \`upto\`, where the facilitator settles it on the network | what was delivered, as \`charge\` says; it may authorise more than is asked | to have allowed Permit2 to move the token, once |
| \`exact\`, else | all that was authorised, which is exactly what is asked | nothing: the token executes the transfer by EIP-3009 |

- What delivers nothing costs nothing: the payment is not settled, and may be used for another try until it expires, ${LIMITS.paymentSeconds / 60} minutes after it was signed.
- The same payment with the same request gets the same answer and the same \`PAYMENT-RESPONSE\` for ${LIMITS.idempotencySeconds / 3600} hours, without a second run and without a
  second charge. With another body, picture or Accept it is 409 \`payment_reused\`. So is another payment with the identifier of the first (the extension
  \`payment-identifier\`, 16 to 128 letters, digits, \`_\` or \`-\`). \`Idempotency-Key\` needs a key.
- When nobody can say whether the payment was settled, the answer is 503 \`payment_in_doubt\` with \`Retry-After\`. The answer to the request is kept: send the
  same request with the same payment again, and it is settled and delivered. Do not sign another payment.
- When the facilitator refuses the payment, the answer is 402 \`payment_invalid\`, nothing is delivered and nothing is taken.
- With \`store: false\`, the answer is kept until its payment was settled and it was sent, at most ${LIMITS.idempotencySeconds / 3600} hours. A repeat after that gets 409 \`answer_not_kept\`.
- A stream needs a key: a payment is settled for a whole answer. A request with a key is paid by its account, whatever else it brings.
- Every wallet has the plan of a new account, as above.`;
