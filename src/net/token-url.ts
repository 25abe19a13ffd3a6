/**
 * A kind of URL that contains an access token, or that works only with one. `pattern` is matched against host, path,
 * query and fragment as one string, percent-decoded.
 */
interface TokenRule {
  readonly pattern: RegExp;
  /** Completes "the URL …". */
  readonly detail: string;
}

/**
 * Chat platforms give bots such URLs, and bots may pass them on by mistake. The names of query parameters alone say
 * little (storage hosts sign their links with `token=`), so only the two that mean a bearer token are listed.
 */
const TOKEN_RULES: readonly TokenRule[] = [
  // core.telegram.org/bots/api#getfile. The second is a self-hosted Bot API server, the third a token by its form.
  { pattern: /^api\.telegram\.org\/(file\/)?bot/i, detail: "carries a Telegram bot's token" },
  { pattern: /\/bot\d+:[\w-]{20,}/i, detail: "carries a Telegram bot's token" },
  { pattern: /(?<![\w-])\d{8,10}:AA[\w-]{33}(?![\w-])/, detail: "carries a Telegram bot's token" },
  { pattern: /(?<![a-z0-9])(xox[abcdeprs]|xapp)-[\w-]{10,}/, detail: "carries a Slack token" },
  // docs.slack.dev/reference/objects/file-object: url_private needs an Authorization header.
  { pattern: /^files\.slack\.com\//, detail: "opens only with a Slack app's token" },
  { pattern: /(?<![\w-])[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}/, detail: "carries a Discord bot's token" },
  {
    pattern: /^([a-z]+\.)?discord(app)?\.com\/api\/(v\d+\/)?webhooks\/\d+\/[\w-]/,
    detail: "carries a Discord webhook's token",
  },
  { pattern: /^lookaside\.fbsbx\.com\/whatsapp_business\//, detail: "opens only with a WhatsApp business token" },
  { pattern: /^api-data\.line\.me\//, detail: "opens only with a LINE channel's token" },
  // RFC 6750, section 2.3.
  { pattern: /[?&#](access_token|bot_token)=/i, detail: "carries an access token" },
  { pattern: /(?<![A-Za-z0-9])(gh[oprsu]_|hf_|r8_)[A-Za-z0-9]{30,}/, detail: "carries an API token" },
];

/** What kind of token a URL contains or needs, as the end of the sentence "the URL …"; null for any other URL. */
export function findToken(url: URL): string | null {
  const decoded = decodeAscii(url.host + url.pathname + url.search + url.hash);
  return TOKEN_RULES.find(({ pattern }) => pattern.test(decoded))?.detail ?? null;
}

/** Decodes percent-encoded ASCII. Unlike `decodeURIComponent`, it does not throw for bytes that are not UTF-8. */
function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
