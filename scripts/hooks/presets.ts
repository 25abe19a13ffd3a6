/** What `--preset` gives a source, where its options say nothing else. */
export const PRESETS: Readonly<Record<string, { readonly signature: object; readonly mapping: object }>> = {
  /** Mastodon's administrative webhooks, event `status.created` (docs/hooks/mastodon.md). */
  mastodon: {
    signature: { scheme: "mastodon" },
    mapping: {
      where: { "/event": "status.created", "/object/visibility": "public" },
      text: "/object/content",
      html: true,
      pictures: [{ items: "/object/media_attachments/*", address: "/url", where: { "/type": "image" } }],
      id: "/object/id",
    },
  },
  /** A post as a workflow of n8n or Zapier is told to write it (docs/hooks/rss-n8n.md). */
  post: {
    signature: { scheme: "bearer" },
    mapping: { text: ["/title", "/text"], html: true, pictures: ["/picture"], id: "/id" },
  },
};
