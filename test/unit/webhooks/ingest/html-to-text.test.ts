import fc from "fast-check";
import { expect, test } from "vitest";
import { htmlToText } from "../../../../src/webhooks/ingest/html-to-text.ts";

test.each([
  ["<p>Eileen Collins in Houston</p>", "Eileen Collins in Houston"],
  ["<p>One</p><p>Two<br />three</p>", "One\n\nTwo\nthree"],
  ["a  b\n c", "a b c"],
  ["<ul><li>One</li><li>Two</li></ul>", "One\n\nTwo"],
  ["Caf&eacute; &amp; bar &#8212; &lt;b&gt; &quot;x&quot; &#x1F600; &nosuch;", 'Café & bar — <b> "x" 😀 &nosuch;'],
  ["&amp;lt;b&amp;gt;", "&lt;b&gt;"],
  ["1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
  ["a<!-- <p>hidden</p> -->b", "ab"],
  ["a<!-- never closed", "a"],
  ["a<script>if (1 < 2) { x('</p>'); }</SCRIPT >b", "ab"],
  ["a<style>p { }</style>b<script>never closed", "ab"],
  ["<scripted>x</scripted>", "x"],
  // As Mastodon writes a mention, a tag and a link.
  [
    '<p><span class="h-card"><a href="https://m.example/@nasa" class="u-url mention">@<span>nasa</span></a></span> and ' +
      '<a href="https://m.example/tags/space" class="mention hashtag" rel="tag">#<span>space</span></a> ' +
      '<a href="https://example.org/a"><span class="invisible">https://</span><span>example.org/a</span></a></p>',
    "@nasa and #space https://example.org/a",
  ],
  ["", ""],
])("%s", (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

test("text that is escaped and put into paragraphs comes back as it was", () => {
  const words = fc.array(fc.constantFrom("a", "<b>", "&amp;", "é", "&", "<", ">", "</p>", "<!--", '"'), {
    minLength: 1,
  });
  fc.assert(
    fc.property(
      fc.array(
        words.map((some) => some.join(" ")),
        { minLength: 1 },
      ),
      (lines) => {
        const escaped = lines.map((line) =>
          line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
        );
        expect(htmlToText(escaped.map((line) => `<p>${line}</p>`).join("\n"))).toBe(lines.join("\n\n"));
      },
    ),
  );
});

test.each(["<", "<a", "<a ", "<!--", "<script>", "</", "&", "&amp;", "<p>", " ", "\n", "<a href='", "a"])(
  "a megabyte of %j is read in one pass",
  (part) => {
    const html = part.repeat(Math.ceil(1_000_000 / part.length));
    const started = performance.now();
    htmlToText(html);
    // A pass takes some 50 ms; one for each character would take hours.
    expect(performance.now() - started).toBeLessThan(5_000);
  },
);
