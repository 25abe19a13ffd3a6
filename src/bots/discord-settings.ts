/** An application's key, its id, and the token of its bot, as Discord's developer portal gives them. */
export const DISCORD_PUBLIC_KEY = /^[0-9a-f]{64}$/i;
export const DISCORD_APPLICATION = /^\d{15,20}$/;
export const DISCORD_TOKEN = /^[\w-]{10,100}\.[\w-]{4,20}\.[\w-]{10,100}$/;
/** Discord's API, of the version that this code speaks. */
export const DISCORD_API = "https://discord.com/api/v10";
