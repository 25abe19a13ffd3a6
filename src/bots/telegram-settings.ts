/** A bot's token, as BotFather gives it. */
export const TELEGRAM_TOKEN = /^\d{3,20}:[\w-]{20,100}$/;
/** Telegram's own Bot API. */
export const TELEGRAM_API = "https://api.telegram.org";
