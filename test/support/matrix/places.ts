import { type Operation, parametersIn, resolve, type Schema, takesOrganization } from '../operations';
import type { Tenant } from './tenant';

/** Where a call is aimed: at what is one's own, or at another's, or at nothing, by a reference in the path, the query or the body. */
export type Place = {
  name: string;
  /** The organization of the path is one's own. */
  home: boolean;
  self: boolean;
  /** Whether there is what the call names, for someone who may call. */
  exists: boolean;
  ids?: Record<string, string>;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  /** The place whose answers must be the same, byte by byte; and what was sent, which an answer may repeat. */
  like?: string;
  sent?: string;
  /** Whatever someone who may call does here, this is what is wrong with it. */
  refused?: number;
};

/** What these name belongs to no organization, or is there for everyone. */
const OF_NO_TENANT = ['key', 'orgSlug', 'planId', 'provider'];

/** From an id or a name of another tenant to one beside it, which names nothing. */
const beside = (text: string) => text.slice(0, -4) + text.slice(-4).replace(/./g, (char) => (char === '0' ? '1' : '0'));

/** What a reference by this name would be in that tenant; undefined for what is none. */
function referenceTo({ ids, colleague, roleName }: Tenant, name: string, schema: Schema): string | undefined {
  const { type, format, enum: values } = resolve(schema) ?? {};
  if (type !== 'string' || values || OF_NO_TENANT.includes(name)) return undefined;
  if (name === 'target' || name === 'cursor') return ids.inviteId;
  if (format === 'uuid') return ids[name] ?? ids.userId;
  if (name === 'to' && format !== 'email') return ids.userId;
  if (name === 'q') return colleague.user.name;
  return /^(role|reassignTo)$/.test(name) ? roleName : undefined;
}

export function placesOf(operation: Operation, fjord: Tenant): Place[] {
  const path = parametersIn(operation, 'path').map(({ name }) => name);
  if (takesOrganization(operation)) path.unshift('orgId'); // from a header, and checked as if it were in the path
  const here = { home: true, self: false, exists: true };
  const own: Place[] = path.includes('userId')
    ? [
        { ...here, name: 'oneself', self: true },
        { ...here, name: 'me', self: true, ids: { userId: 'me' } },
      ]
    : [];
  // an organization's slug leads to what it shows everyone: another's is not closed to anyone
  const others = path.filter((name) => !OF_NO_TENANT.includes(name)).flatMap((name) => foreignIn(name, fjord));
  return [{ ...here, name: 'home' }, ...own, ...others, ...queries(operation, fjord), ...bodies(operation, fjord)];
}

/** One id of the path is another tenant's, then nobody's. With `{orgId}` all of them are. */
function foreignIn(name: string, fjord: Tenant): Place[] {
  const at = { home: name !== 'orgId', self: false, exists: false };
  const theirs = name === 'orgId' ? fjord.ids : { [name]: fjord.ids[name]! };
  return [
    { ...at, name: `foreign ${name}`, ids: theirs },
    { ...at, name: `missing ${name}`, ids: { ...theirs, [name]: beside(fjord.ids[name]!) }, like: `foreign ${name}` },
  ];
}

function queries(operation: Operation, fjord: Tenant): Place[] {
  return parametersIn(operation, 'query').flatMap(({ name, schema }) => {
    const value = referenceTo(fjord, name, schema);
    return value ? pair(`?${name}=`, value, (sent) => ({ query: { [name]: sent } })) : [];
  });
}

function bodies(operation: Operation, fjord: Tenant): Place[] {
  if (!operation.body) return [];
  const references = Object.entries(operation.body.properties ?? {}).flatMap(([name, schema]) => {
    const value = referenceTo(fjord, name, schema);
    if (value) return pair(`{${name}}`, value, (sent) => ({ body: { [name]: sent } }));
    const inner = Object.entries(resolve(resolve(schema)?.items)?.properties ?? {});
    return inner.flatMap(([key, within]) => {
      const nested = referenceTo(fjord, key, within);
      return nested ? pair(`{${name}[].${key}}`, nested, (sent) => ({ body: { [name]: [{ [key]: sent }] } })) : [];
    });
  });
  const { orgId, userId, roleId } = fjord.ids;
  const smuggled = { id: orgId, orgId, organizationId: orgId, userId, roleId, ownerId: userId };
  const unknown = Object.fromEntries(Object.entries(smuggled).filter(([name]) => !operation.body!.properties?.[name]));
  return [
    ...references,
    { name: 'ids smuggled in', home: true, self: false, exists: true, body: unknown, refused: 422 },
  ];
}

const pair = (name: string, value: string, at: (sent: string) => Partial<Place>): Place[] =>
  [value, beside(value)].map((sent, i) => ({
    name: `${i === 0 ? 'foreign' : 'missing'} ${name}`,
    home: true,
    self: false,
    exists: true,
    sent,
    ...at(sent),
    ...(i === 1 && { like: `foreign ${name}` }),
  }));
