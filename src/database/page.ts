/** Which part of a list is asked for: at most so many rows, after the one with this id. */
export type PageRequest = { limit: number; cursor?: string };

export type Page<T> = { data: T[]; nextCursor: string | null };

/** Turns `limit + 1` rows into a page: ids sort by time, so the last id is the cursor. */
export function toPage<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  return { data, nextCursor: rows.length > limit ? data.at(-1)!.id : null };
}

/** One page of what several lists hold together, each row once, out of the same page of each. */
export function mergePages<T extends { id: string }>(pages: Page<T>[], limit: number): Page<T> {
  const known = new Map(pages.flatMap(({ data }) => data).map((row) => [row.id, row]));
  const rows = [...known.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  const isLast = rows.length <= limit && pages.every(({ nextCursor }) => nextCursor === null);
  const data = rows.slice(0, limit);
  return { data, nextCursor: isLast ? null : data.at(-1)!.id };
}

/** The same page, each row in its public shape. */
export const mapPage = <T, U>({ data, nextCursor }: Page<T>, show: (row: T) => U): Page<U> => ({
  data: data.map(show),
  nextCursor,
});
