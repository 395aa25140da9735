/** What an operation says of who may call it: see access/allow.ts. */
type Guarded = { security?: object[] };
type Noted = { 'x-permission': string; 'x-or-staff'?: string; 'x-or-self'?: true };

/** In words, for people: a reader of the documentation is shown no extensions. */
export function whoMay(operation: Guarded): string {
  const { 'x-permission': permission, 'x-or-staff': staff, 'x-or-self': self } = operation as Noted;
  const [rule, ...rest] = permission.split(', ');
  const orStaff = staff ?? staffIn(rest[0]);
  if (rule === 'public') return anyone(operation.security ?? []);
  if (rule === 'signed-in') return 'Needs a signed-in caller.';
  if (staffIn(rule)) return `Needs the staff permission \`${staffIn(rule)}\`.`;
  const needed = rule === 'self' ? 'Needs to be the person that `userId` names' : `Needs the permission \`${rule}\``;
  return `${needed}${self ? ', unless `userId` is oneself' : ''}${orStaff ? `, or the staff permission \`${orStaff}\`` : ''}.`;
}

/** What a route asks for that lets anyone in. */
function anyone(security: object[]): string {
  if (security.length === 0) return 'Anyone may call this.';
  const isOptional = security.some((one) => Object.keys(one).length === 0);
  return isOptional
    ? 'Anyone may call this; a bearer says who it is, and may be left out.'
    : 'Needs a token of its own.';
}

const staffIn = (rule = ''): string | undefined => /^staff:(.+)$/.exec(rule)?.[1];
