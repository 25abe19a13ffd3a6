/** The first object of a JSON array or of JSON lines; null when the text is neither. */
export function firstObject(text: string): Record<string, unknown> | null {
  const start = text.trimStart();
  if (!start.startsWith("{") && !start.startsWith("[")) return null;
  const line = start.split("\n", 1)[0] ?? "";
  const whole = start.startsWith("[") || !line.trimEnd().endsWith("}") ? start : line;
  try {
    const parsed: unknown = JSON.parse(whole);
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isObject(first) ? first : null;
  } catch {
    return null;
  }
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
