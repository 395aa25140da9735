/** Theirs have microseconds. */
export const timeOf = (time: string): string => new Date(time).toISOString();
