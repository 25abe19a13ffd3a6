import { expect, test } from "vitest";
import { startApp } from "../harness.ts";

test("tells where the tools are, and the header that they need", async () => {
  const app = startApp(
    undefined,
    {},
    { ACCESS: "keys", KEY_CHECK_SECRET: "secret", PUBLIC_URL: "https://names.example" },
  );
  const cards = ["/mcp/server-card", "/.well-known/mcp/server-card.json"].map(async (path) => {
    const response = await app.fetch(path);
    expect(response.headers.get("content-type")).toBe("application/mcp-server-card+json");
    return response.json();
  });
  const [first, second] = await Promise.all(cards);
  expect(first).toEqual(second);
  expect(first).toMatchObject({
    name: "example.names/namesight",
    remotes: [
      {
        type: "streamable-http",
        url: "https://names.example/mcp",
        headers: [{ name: "Authorization", isRequired: true, isSecret: true }],
      },
    ],
  });
  const open = (await (await startApp().fetch("/mcp/server-card")).json()) as { remotes: object[] };
  expect(open.remotes[0]).not.toHaveProperty("headers");
});
