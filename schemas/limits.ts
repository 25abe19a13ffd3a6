/** Every limit of the product. docs/limits.md is generated from this table and the next. */
export const LIMITS = {
  /** Maximum pixels of a picture (width times height), read from its header before it is decoded. */
  picturePixels: 25_000_000,
  /** Maximum width and height of a picture, in pixels: what a JPEG can have. */
  pictureSide: 65_535,
  /** Maximum segments of a JPEG, or chunks of a PNG or WebP. libpng writes 1,280 chunks in 10 MB. */
  pictureParts: 32_768,
  /** Maximum bytes of a picture that is a multipart part or is fetched from an address. */
  uploadBytes: 10 * 1024 * 1024,
  /** Maximum bytes of a picture inside JSON (base64 or a data URL), once decoded. */
  inlineBytes: 4 * 1024 * 1024,
  /** Maximum bytes of a request body: the largest picture and the fields beside it. */
  bodyBytes: 11 * 1024 * 1024,
  /** Maximum long side of the picture that models get, in pixels. Larger pictures are shrunk. */
  modelSide: 2_048,
  /** Maximum pixels of a picture that the Worker decodes to draw an overlay. Larger ones are shrunk first. */
  overlaySourcePixels: 4_000_000,
  /** Maximum bytes of a picture that the Worker decodes to draw an overlay. Larger ones are shrunk first. */
  overlaySourceBytes: 2 * 1024 * 1024,
  /** Maximum long side of an overlay, in pixels. */
  overlaySide: 1_600,
  /** Minimum long side and width of an overlay, in pixels. Smaller pictures are enlarged to keep labels readable. */
  overlayLeastSide: 320,
  /** Maximum parts of a multipart request. */
  formParts: 32,
  /** Maximum bytes of the headers of a part. */
  formHeaderBytes: 16 * 1024,
  /** Maximum characters of the boundary between the parts of a form (RFC 2046, section 5.1.1). */
  formBoundaryLength: 70,
  /** Maximum nesting depth of a JSON request. */
  jsonDepth: 16,
  /** Maximum values and names in a JSON request, or in a form field that holds JSON. */
  jsonValues: 6_000,
  /** Maximum length of an address in characters: that of a request, and that of a picture. */
  addressLength: 8 * 1024,
  /** Maximum bytes of an error document. */
  problemBytes: 32 * 1024,
  /** Maximum wrong fields that an error document names. It says how many more there are. */
  problemErrors: 20,
  /** Maximum bytes of a callback from a vendor. */
  callbackBytes: 1024 * 1024,
  /** Maximum duration of receiving a callback, in milliseconds. Its sender delivers it again. */
  callbackMs: 10_000,
  /** Maximum signatures of a callback. */
  callbackSignatures: 5,
  /** Maximum number of `tokens`. */
  tokens: 4_000,
  /**
   * Maximum boxes in one request to `/v1/segment`: what the embedded models can cut within the deadline, at up to 0.26
   * s a box on 2 cores.
   */
  boxes: 100,
  /** Maximum length of a caller's own id, in UTF-16 code units. */
  idLength: 100,
  /** Maximum absolute value of a coordinate in a request. */
  coordinate: 1_000_000,
  /** Maximum length of a text, in UTF-16 code units; also of `tokens` joined by spaces. */
  textLength: 10_000,
  /** Maximum entities in one request, and the largest `max_entities`. */
  entities: 100,
  /** Maximum entities in one call of a stage. */
  stageEntities: 200,
  /**
   * Maximum boxes in one call of the segmentation stage. A deadline loses the masks of the call that it ends, and not
   * those of the calls before it.
   */
  stageBoxes: 25,
  /** Maximum length of an entity's name or of a token, in UTF-16 code units. */
  nameLength: 500,
  /** Maximum types in a caller's own label set. */
  labels: 100,
  /** Maximum length of a type's name, in UTF-16 code units. */
  typeLength: 60,
  /** Maximum length of a referring expression or a caption, in UTF-16 code units. */
  expressionLength: 2_000,
  /** Smallest `deadline_ms`. */
  leastDeadlineMs: 500,
  /** Examples that a language model is shown when it writes what it knows about a post: PGIM's N. */
  knowledgeExamples: 5,
  /** Maximum examples in the pool of which the most similar are shown. */
  poolExamples: 1_000,
  /** Maximum bytes of that pool, with its vectors. An isolate keeps it. */
  poolBytes: 8 * 1024 * 1024,
  /** Maximum texts in one call of the embedding stage. */
  embeddingTexts: 32,
  /** Maximum length of a text's vector. */
  embeddingLength: 4_096,
  /** Maximum duration of a request, in milliseconds, all stages together; the largest `deadline_ms`. */
  deadlineMs: 30_000,
  /** Default duration of a job, in milliseconds: a model that boots for minutes answers in it. */
  jobDefaultMs: 10 * 60 * 1000,
  /** Maximum duration of a job, in milliseconds; the largest `deadline_ms` of a request that is answered by a job. */
  jobDeadlineMs: 15 * 60 * 1000,
  /** Maximum seconds for which a request waits for a job: `Prefer: wait` and `?wait`. */
  waitSeconds: 60,
  /** How long the result of a job is kept where the account does not say, in seconds. */
  resultSeconds: 7 * 24 * 60 * 60,
  /** Shortest time for which an account may have results kept, in seconds. */
  leastResultSeconds: 60 * 60,
  /** Longest time for which an account may have results kept, in seconds. */
  mostResultSeconds: 30 * 24 * 60 * 60,
  /** How long the result of a job with `store: false` is kept until it is fetched or told, in seconds. */
  unstoredSeconds: 60 * 60,
  /** How long the state of a job is known after its result was deleted, in seconds. */
  jobRecordSeconds: 30 * 24 * 60 * 60,
  /** How long a job may take to have its account told what it delivered, in seconds. Its money is reserved so long. */
  jobSettleSeconds: 60 * 60,
  /** Maximum length of the address of a webhook, in characters. */
  webhookUrlLength: 2_000,
  /** Maximum duration of delivering a webhook, in milliseconds. */
  webhookMs: 15_000,
  /** Longest wait that a receiver of webhooks can ask for with Retry-After, in seconds. */
  webhookWaitSeconds: 24 * 60 * 60,
  /** How long a webhook is tried, in seconds. */
  webhookTrySeconds: 3 * 24 * 60 * 60,
  /** Maximum bytes of the body of a webhook. */
  webhookBytes: 20_000,
  /** Maximum bytes of the overlay image in the result of an MCP tool. The result links to a larger one. */
  mcpImageBytes: 700_000,
  /** Maximum nesting depth of the JSON of a signed delivery to a bot. Slack shows messages within a message. */
  botJsonDepth: 32,
  /**
   * Maximum values and names in the JSON of a signed delivery to a bot. Slack repeats a text as blocks that have a
   * value for each emoji and bold word.
   */
  botJsonValues: 20_000,
  /** Maximum messages of a chat that a bot has not answered yet. */
  botWaiting: 20,
  /** Maximum pictures of one incoming message. One with more is skipped. */
  messagePictures: 20,
  /** Maximum length of a sender's id of an incoming message, in UTF-16 code units. */
  messageIdLength: 1_000,
  /** Sources of incoming messages on one page of the operator's list. */
  sourceRows: 20,
  /** Maximum webhook endpoints of an account. */
  webhooks: 20,
  /** Maximum secrets of a webhook endpoint that sign at a time. A further rotation ends the oldest. */
  webhookSecrets: 5,
  /** Deliveries of a webhook endpoint that are listed: the newest. */
  webhookDeliveries: 100,
  /** Attempts of a delivery that are listed: the newest. */
  webhookAttempts: 20,
  /** How long deliveries of a webhook endpoint are listed, in seconds. */
  deliveryRecordSeconds: 30 * 24 * 60 * 60,
  /** How long every delivery to a webhook endpoint may fail until it is disabled, in seconds. */
  webhookFailingSeconds: 3 * 24 * 60 * 60,
  /** Maximum posts of a batch. */
  batchPosts: 1_000,
  /** Maximum length of a line of a batch, in UTF-16 code units. */
  batchLineLength: 512 * 1024,
  /** Most jobs of a batch that run at a time. */
  batchConcurrent: 50,
  /** Maximum duration of asking a host of models whether it has room for a post, in milliseconds. */
  admissionMs: 3_000,
  /**
   * Maximum duration of one call to KV or R2, in milliseconds. An answer does without what is not stored by then: no
   * cache, the picture's bytes in place of its link, no link to a mask or an overlay.
   */
  storeMs: 3_000,
  /** Maximum duration of fetching a picture from its address, in milliseconds. */
  fetchMs: 10_000,
  /** Maximum bytes of a model's answer, decompressed. The masks of many boxes take some megabytes. */
  replyBytes: 16 * 1024 * 1024,
  /** Maximum length of the text of a language model's reply, in UTF-16 code units: some 50,000 tokens. */
  replyText: 200_000,
  /** Maximum length of the name or the version of a model or a method, in UTF-16 code units. */
  modelNameLength: 200,
  /** Maximum problems in a model's answer. */
  stageProblems: 10,
  /** Maximum length of a problem's detail or a reason in a model's answer, in UTF-16 code units. */
  detailLength: 500,
  /** Maximum mentions in a model's answer: two names have at least one character between them. */
  mentions: 5_000,
  /** Maximum places without a name of which a model says that it is not sure, in its answer. */
  mentionDoubts: 100,
  /** Maximum length of all mentions in a model's answer together, in UTF-16 code units: twice the longest text. */
  mentionsLength: 20_000,
  /** Maximum boxes of one entity in a model's answer. Of a detector that ranks its boxes, the best are kept. */
  entityRegions: 100,
  /** Maximum other boxes that fit a name as well as its box, in a model's answer. */
  linkAlternatives: 20,
  /** Maximum length of a mask's `counts` in a model's answer, in characters. One of an object has some thousands. */
  maskLength: 800_000,
  /** Maximum length of the `counts` of all masks in a model's answer together, in characters. */
  masksLength: 2_000_000,
  /** Maximum run lengths of a mask. An outline of a crowd in 4 megapixels has tens of thousands. */
  maskCounts: 400_000,
  /** Maximum pixels of all masks that a model returns as PNGs in one answer. */
  maskPixels: 100_000_000,
  /** Maximum boxes that an overlay shows: the best of each entity first. */
  overlayRegions: 100,
  /** Maximum run lengths of all masks that an overlay shows. */
  overlayMaskCounts: 200_000,
  /** A picture above this size that is sent as a data URL goes to one model at a time, in bytes. */
  inlineAloneBytes: 256 * 1024,
  /** Lifetime of a signed link to a mask or an overlay, in seconds. */
  maskLinkSeconds: 24 * 60 * 60,
  /**
   * Maximum wait for the answer to the same question that another request is asking a model, in milliseconds. After it,
   * the request asks itself.
   */
  flightMs: 10_000,
  /** Lifetime of a cached expansion or caption, in seconds. */
  expansionCacheSeconds: 30 * 24 * 60 * 60,
  /** How long an `Idempotency-Key` and the answer under it are kept, in seconds. */
  idempotencySeconds: 24 * 60 * 60,
  /** Maximum length of an `Idempotency-Key`, in characters. */
  idempotencyKeyLength: 255,
  /**
   * How long after a request's deadline its reservation of money is released when nobody settled it, in seconds: longer
   * than the platform runs work behind an answer.
   */
  settleSeconds: 60,
  /** Maximum duration of one call to an account's Durable Object, in milliseconds. */
  accountMs: 3_000,
  /** Maximum duration of asking a facilitator what it settles, or whether a payment is valid, in milliseconds. */
  facilitatorMs: 5_000,
  /** Maximum duration of having a payment settled on chain, in milliseconds. After it, the settlement is in doubt. */
  settlementMs: 20_000,
  /** For how long a payer authorises a payment, in seconds. A settlement in doubt can be tried again so long. */
  paymentSeconds: 300,
  /** Maximum bytes of a request's body that comes without a key and without a payment, to be told the terms of one. */
  unpaidBodyBytes: 4 * 1024 * 1024,
  /** Maximum length of the header PAYMENT-SIGNATURE, in characters. */
  paymentLength: 16 * 1024,
  /** Maximum duration of asking Stripe for a checkout page, all attempts together, in milliseconds. */
  stripeMs: 10_000,
  /** How long what a request left is recorded, for `DELETE /v1/requests/{id}`, in seconds. */
  requestRecordSeconds: 30 * 24 * 60 * 60,
  /** Charges that are older than this are added up by day, key and operation, in seconds. */
  ledgerSeconds: 35 * 24 * 60 * 60,
  /** Maximum keys of an account that are neither revoked nor expired. */
  keys: 100,
  /** Maximum length of the name of a key or of a webhook endpoint, in UTF-16 code units. */
  keyNameLength: 100,
  /** Maximum time for which a rotated key still works, and a rotated secret of a webhook still signs, in seconds. */
  keyOverlapSeconds: 30 * 24 * 60 * 60,
  /** Maximum length of the reference of a credit, in UTF-16 code units. */
  referenceLength: 200,
  /** Smallest top-up, in US dollars. */
  leastTopUpUsd: 5,
  /** Largest top-up, and largest credit by the operator, in US dollars. */
  mostTopUpUsd: 10_000,
  /** Largest balance of an account, in US dollars. Its nano-dollars are exact in a double. */
  mostBalanceUsd: 900_000,
  /** Rows of one page of usage. */
  usageRows: 100,
  /** Maximum length of a page's cursor, in characters. */
  cursorLength: 200,
  /** Accounts of one page of the operator's revenue. */
  revenueAccounts: 20,
  /** Maximum bytes of the body of a request about an account. */
  accountBodyBytes: 16 * 1024,
  /** Minimum share of a mask's area that must lie inside its box. */
  maskInsideBox: 0.8,
  /** Minimum IoU of a mask's bounds with its box. */
  maskBoundsIou: 0.5,
} as const;

/** The defaults of fields of a request. */
export const DEFAULTS = {
  /** `max_entities`: maximum entities returned, in text order. */
  maxEntities: 25,
  /** `thresholds.mention`: mentions with a lower score are dropped. 0 keeps all. */
  mentionThreshold: 0,
  /** `thresholds.region`: boxes with a lower score are dropped. 0 keeps all. */
  regionThreshold: 0,
  /** `max_concurrent`: posts of a batch that run at a time. */
  batchConcurrent: 5,
} as const;
