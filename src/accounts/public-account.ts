/** The account under which masks and overlays of requests without an account are stored. */
export const PUBLIC_ACCOUNT = "public";
