/** docs/pricing.md, "Without an account", below its heading. */
export const WITHOUT_ACCOUNT = `Payments by x402 come with the request, so that they need no account. They are off unless the four variables \`X402_…\` of
wrangler.toml are set. Where they are off, every paid operation needs a key.`;
