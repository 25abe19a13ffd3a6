/**
 * A kind of URL that is, or asks for, somebody's key. `pattern` meets host, path, query and fragment as one string,
 * percent-decoded.
 */
interface TokenRule {
  readonly pattern: RegExp;
  /** Completes "the URL …". */
  readonly detail: string;
}

/**
 * Bots are handed such URLs by their platforms and pass them on without a thought. Names of query parameters alone
 * prove little, as storage hosts sign their links with `token=`; only the two that mean a bearer token are here.
 */
const TOKEN_RULES: readonly TokenRule[] = [
  // core.telegram.org/bots/api#getfile; the second is a Bot API server of one's own, the third a token by its form.
  { pattern: /^api\.telegram\.org\/(file\/)?bot/i, detail: "carries a Telegram bot's token" },
  { pattern: /\/bot\d+:[\w-]{20,}/i, detail: "carries a Telegram bot's token" },
  { pattern: /(?<![\w-])\d{8,10}:AA[\w-]{33}(?![\w-])/, detail: "carries a Telegram bot's token" },
  { pattern: /(?<![a-z0-9])(xox[abcdeprs]|xapp)-[\w-]{10,}/, detail: "carries a Slack token" },
  // docs.slack.dev/reference/objects/file-object: url_private wants an Authorization header.
  { pattern: /^files\.slack\.com\//, detail: "opens only with a Slack app's token" },
  { pattern: /(?<![\w-])[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}/, detail: "carries a Discord bot's token" },
  {
    pattern: /^([a-z]+\.)?discord(app)?\.com\/api\/(v\d+\/)?webhooks\/\d+\/[\w-]/,
    detail: "carries a Discord webhook's token",
  },
  { pattern: /^lookaside\.fbsbx\.com\/whatsapp_business\//, detail: "opens only with a WhatsApp business token" },
  { pattern: /^api-data\.line\.me\//, detail: "opens only with a LINE channel's token" },
  // RFC 6750, §2.3.
  { pattern: /[?&#](access_token|bot_token)=/i, detail: "carries an access token" },
  { pattern: /(?<![A-Za-z0-9])(gh[oprsu]_|hf_|r8_)[A-Za-z0-9]{30,}/, detail: "carries an API token" },
];

/** What is wrong with a URL that carries or needs a token, so as to complete "the URL …"; null for any other URL. */
export function findToken(url: URL): string | null {
  const spelled = decodeAscii(url.host + url.pathname + url.search + url.hash);
  return TOKEN_RULES.find(({ pattern }) => pattern.test(spelled))?.detail ?? null;
}

/** Unlike `decodeURIComponent`, takes what is no UTF-8 as it is. */
function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
