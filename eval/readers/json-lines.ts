/**
 * Read a JSON-lines text; blank lines are left out.
 * @param read the value of one line. What it throws is thrown on with the line's number and `fault` before it.
 */
export function readJsonLines<T>(jsonLines: string, fault: string, read: (value: unknown) => T): T[] {
  return jsonLines.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [read(JSON.parse(line))];
    } catch (error) {
      throw new Error(`line ${index + 1} is ${fault}: ${String(error).slice(0, 200)}`);
    }
  });
}
