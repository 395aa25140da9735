/** What is loaded or made at its first use, and then kept: a start need not wait for what few requests need. */
export function lazy<T>(make: () => T): () => T {
  let made: { it: T } | undefined;
  return () => (made ??= { it: make() }).it;
}
