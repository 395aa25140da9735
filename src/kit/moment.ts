const MOMENT = /^(\d{4}-\d\d-(\d\d))T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * The moment that an RFC 3339 text names, to the millisecond. Undefined for any other text, for a day that is in no calendar, and outside
 * the years 1970 to 9999 of UTC, which not every database keeps.
 */
export function readMoment(text: string): Date | undefined {
  const [, date, day] = MOMENT.exec(text) ?? [];
  if (new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) return undefined; // 30 February would be 2 March
  const moment = new Date(text);
  const year = moment.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? moment : undefined;
}
