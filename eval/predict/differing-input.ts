/**
 * Says how two files of requests differ: in the number of posts, or in which fields of the first post that differs.
 *
 * @param before the requests that were sent
 * @param now those that would be sent
 */
export function differingInput(before: string, now: string): string {
  const [old, fresh] = [linesOf(before), linesOf(now)];
  const at = old.findIndex((line, index) => fresh[index] !== undefined && line !== fresh[index]);
  if (at < 0) return `it was asked about ${posts(old.length)}, and this command asks about ${posts(fresh.length)}`;
  const [first = {}, second = {}] = [fieldsOf(old[at]), fieldsOf(fresh[at])];
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  const differing = names.filter((name) => JSON.stringify(first[name]) !== JSON.stringify(second[name]));
  return `post ${at + 1}, ${String(second.id)}, was asked with another ${differing.join(", ")}`;
}

function posts(count: number): string {
  return count === 1 ? "1 post" : `${count} posts`;
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function fieldsOf(line: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line ?? "") as Record<string, unknown>;
  } catch {
    return {};
  }
}
