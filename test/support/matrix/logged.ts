import { takesOrganization } from '../operations';
import type { Cell } from './cells';
import type { World } from './world';

type Line = Record<string, unknown>;

/** What the log must say of one who is kept out; who they are, and for want of what where that is the reason. */
function expectedOf({ operation, kind, verdict }: Cell, world: World): Line {
  const { permission } = operation;
  const { user } = world.caller(kind, permission);
  const [rule] = permission.split(', ');
  if (verdict === 401) return { code: 'unauthenticated' };
  if (verdict === 404) return { code: 'not-found', userId: user.id };
  const isOfTenant = operation.path.includes('{orgId}') || takesOrganization(operation);
  return {
    code: 'forbidden',
    userId: user.id,
    ...(kind !== 'suspended' && { permission: rule }), // who may do nothing there lacks nothing else
    ...(isOfTenant && { organizationId: world.home.ids.orgId }),
  };
}

/** What the line of a refusal does not say as it must; nothing, if all is well. */
export function unsaidOf(cell: Cell, requestId: string, log: string[], world: World): string | undefined {
  const line: Line = JSON.parse(
    log.findLast((text) => text.includes(requestId) && text.includes('"milliseconds"')) ?? '{}',
  );
  const unsaid = Object.entries(expectedOf(cell, world)).filter(([name, value]) => line[name] !== value);
  const said = JSON.stringify(line);
  return unsaid.length > 0
    ? `${cell.kind} at ${cell.place.name}: ${JSON.stringify(unsaid)} is not in ${said}`
    : undefined;
}
