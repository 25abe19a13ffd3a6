/** What stores of answers and pictures use of R2, in memory. `before` may wait, or throw what R2 throws. */
export class MemoryBucket {
  readonly objects: Map<string, { bytes: Uint8Array; customMetadata: Record<string, string> }>;
  before: (operation: "put" | "get" | "head" | "delete") => Promise<void> = async () => {};

  /** @param objects what the bucket has, which several may share */
  constructor(objects: MemoryBucket["objects"] = new Map()) {
    this.objects = objects;
  }

  async put(key: string, value: Uint8Array | string, { customMetadata = {} }: R2PutOptions = {}) {
    await this.before("put");
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value.slice();
    this.objects.set(key, { bytes, customMetadata });
  }

  async get(key: string) {
    await this.before("get");
    const found = this.objects.get(key);
    if (!found) return null;
    const { bytes, customMetadata } = found;
    const arrayBuffer = async () => bytes.slice().buffer;
    return { body: new Response(bytes.slice()).body, size: bytes.length, customMetadata, arrayBuffer };
  }

  async head(key: string) {
    await this.before("head");
    const found = this.objects.get(key);
    return found ? { customMetadata: found.customMetadata } : null;
  }

  async delete(keys: readonly string[]) {
    await this.before("delete");
    for (const key of keys) this.objects.delete(key);
  }

  /** As the binding that the Worker has. */
  asBucket(): R2Bucket {
    return this as unknown as R2Bucket;
  }
}

interface R2PutOptions {
  readonly customMetadata?: Record<string, string>;
}
