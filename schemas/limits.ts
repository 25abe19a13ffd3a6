/** Every limit and default of the product, in one place. The documentation is generated from this table. */
export const LIMITS = {
  /** Pixels of a picture, read from its header before anything decodes it. */
  picturePixels: 25_000_000,
  /** Bytes of a picture sent as a multipart part. */
  uploadBytes: 10 * 1024 * 1024,
  /** Bytes of a picture sent inside JSON (base64 or data URL), once decoded. */
  inlineBytes: 4 * 1024 * 1024,
  /** Bytes of a whole request body: an upload at its limit and the fields beside it. */
  bodyBytes: 11 * 1024 * 1024,
  /** Long side of the picture that models are given, in pixels. */
  modelSide: 2_048,
  /** Pixels that the Worker decodes to draw an overlay; a larger picture goes through the `picture` stage first. */
  overlaySourcePixels: 4_000_000,
  /** Long side of a drawn overlay, in pixels. */
  overlaySide: 1_600,
  /**
   * Long side and width of the smallest overlay, in pixels: a smaller picture is enlarged, so that its labels can be
   * read.
   */
  overlayLeastSide: 320,
  /** Levels of a JSON request, one in another. */
  jsonDepth: 16,
  /** Tokens of a post that comes already split. */
  tokens: 4_000,
  /** Boxes that one request to `/v1/segment` may bring. */
  boxes: 1_000,
  /** UTF-16 code units of an id that a caller chose. */
  idLength: 100,
  /** Coordinates that a box may have at most, either way; what lies outside the picture is cut off. */
  coordinate: 1_000_000,
  /** UTF-16 code units of a post's text. */
  textLength: 10_000,
  /** Entities that one request may name, or have found. */
  entities: 100,
  /** Entities that one call of a stage takes. */
  stageEntities: 200,
  /** Boxes that one call of the segmentation stage takes. */
  stageBoxes: 200,
  /** UTF-16 code units of an entity's name. */
  nameLength: 500,
  /** Types that a caller's own label set may have. */
  labels: 100,
  /** UTF-16 code units of a type's name. */
  typeLength: 60,
  /** UTF-16 code units of a referring expression or a caption. */
  expressionLength: 2_000,
  /** Milliseconds that one request may take, all stages together. */
  deadlineMs: 30_000,
  /** Milliseconds that fetching a caller's picture from its address may take. */
  fetchMs: 10_000,
  /**
   * Bytes of what a model's host answers, decompressed: masks of many boxes have some megabytes, and an isolate has
   * 128.
   */
  replyBytes: 16 * 1024 * 1024,
  /** Bytes of a picture above which its data URL goes to one model at a time. */
  inlineAloneBytes: 256 * 1024,
  /** Seconds that a signed mask link works. */
  maskLinkSeconds: 24 * 60 * 60,
  /** Seconds that a cached expansion lives. */
  expansionCacheSeconds: 30 * 24 * 60 * 60,
  /** Share of a mask's area that must lie inside its box. */
  maskInsideBox: 0.8,
  /** IoU that a mask's own bounds must reach with its box. */
  maskBoundsIou: 0.5,
} as const;

/** What a request means when it does not say. */
export const DEFAULTS = {
  /** Entities that are answered when `max_entities` is not given. */
  maxEntities: 25,
  /** A mention below this probability is dropped. 0 keeps what the model decoded. */
  mentionThreshold: 0,
  /** A region below this score is dropped. 0 keeps what the model returned. */
  regionThreshold: 0,
} as const;
