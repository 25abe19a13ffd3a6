/** A bot's token, as BotFather gives it. */
export const TELEGRAM_TOKEN = /^\d{3,20}:[\w-]{20,100}$/;
