/** The base of a deployment's links: PUBLIC_URL, or where that is not set, the origin of the request's address. */
export function deploymentUrl(publicUrl: URL | null, request: string): URL {
  return publicUrl ?? new URL(new URL(request).origin);
}
