/** The first object of a JSON array or of JSON lines; null when the text is neither. */
export function firstObject(text: string): Record<string, unknown> | null {
  const json = jsonOf(text);
  if (json === null) return null;
  try {
    const parsed: unknown = JSON.parse(json);
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isObject(first) ? first : null;
  } catch {
    return null;
  }
}

/** Why a text that begins like JSON is none; null where it is, and for another text. */
export function faultOfJson(text: string): string | null {
  try {
    JSON.parse(jsonOf(text) ?? "null");
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The JSON that a text begins with: its first line, or all of it. Null for a text that does not begin like JSON. */
function jsonOf(text: string): string | null {
  const start = text.trimStart();
  if (!start.startsWith("{") && !start.startsWith("[")) return null;
  const line = start.split("\n", 1)[0] ?? "";
  return start.startsWith("[") || !line.trimEnd().endsWith("}") ? start : line;
}

/**
 * Every object of a JSON array, of JSON lines or of one JSON object. Throws an error that names the line
 * when JSON is malformed.
 */
export function allObjects(text: string): Record<string, unknown>[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return (Array.isArray(parsed) ? parsed : [parsed]).filter(isObject);
  } catch {
    return text.split("\n").flatMap((line, index) => {
      if (line.trim() === "") return [];
      try {
        const parsed: unknown = JSON.parse(line);
        return isObject(parsed) ? [parsed] : [];
      } catch (error) {
        throw new Error(`line ${index + 1} is no JSON: ${(error as Error).message}`);
      }
    });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
