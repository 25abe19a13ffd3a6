/** What an app's pages in Slack give: the token of its bot, and the secret that signs its deliveries. */
export const SLACK_TOKEN = /^xoxb-[\w-]{10,200}$/;
export const SLACK_SIGNING_SECRET = /^[0-9a-f]{32}$/;
/** Slack's Web API. */
export const SLACK_API = "https://slack.com/api";
