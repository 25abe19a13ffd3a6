/**
 * Deletes the objects of a bucket under a prefix that were stored before a time. Production leaves that to lifecycle
 * rules (docs/deploy.md); the local simulator has none.
 *
 * @param before Unix time in milliseconds
 * @returns how many were deleted
 */
export async function sweep(bucket: R2Bucket, prefix: string, before: number): Promise<number> {
  let deleted = 0;
  for (let cursor: string | undefined; ; ) {
    const page = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    const old = page.objects.filter(({ uploaded }) => uploaded.getTime() < before).map(({ key }) => key);
    if (old.length > 0) await bucket.delete(old);
    deleted += old.length;
    if (!page.truncated) return deleted;
    cursor = page.cursor;
  }
}
