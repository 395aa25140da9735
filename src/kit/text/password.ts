const LONGEST = 2048; // UTF-16: 256 characters in a form that takes four units for each half of one, the most that Unicode has

/**
 * The form in which a password is counted, judged and hashed: NFC, so that it is the same from every keyboard (RFC 8265, 4.2). What is
 * too long for any password is left as it is: to put marks in order takes quadratic time. See docs/decisions/0032.
 */
export const normalizePassword = (text: string): string => (text.length <= LONGEST ? text.normalize('NFC') : text);
