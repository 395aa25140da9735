import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Forbidden, type ProblemClass } from '../kit/problem';
import { type Permission, STAFF_ROLES, type StaffPermission, type StaffRole } from './permissions';

type Known = Omit<Caller, 'isStaff' | 'requireStaff'>;

/** Who is calling: a person with a live session. */
export class Caller {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly name: string;
  /** Whether the mailbox is proved. */
  readonly verified: boolean;
  readonly staffRole: StaffRole | null;
  /** When the access token that was sent expires. */
  readonly validUntil: Date;

  constructor(known: Known) {
    Object.assign(this, known);
  }

  /** Whether the caller is platform staff with this permission. */
  isStaff(permission: StaffPermission): boolean {
    return this.staffRole !== null && (STAFF_ROLES[this.staffRole] as readonly string[]).includes(permission);
  }

  /** @throws Forbidden where the caller is no platform staff with this permission; the log says that it was missing */
  requireStaff(permission: StaffPermission): void {
    if (!this.isStaff(permission)) throw new Forbidden({ missing: [`staff:${permission}`] });
  }
}

/** Who is calling, in the organization that the request names. */
export class Member extends Caller {
  constructor(
    caller: Caller,
    readonly organizationId: string,
    readonly permissions: ReadonlySet<Permission>,
    /** What the route asked of them; nothing where they act on themselves, or as staff. */
    readonly asked?: Permission,
  ) {
    super(caller);
  }

  /** @throws Forbidden where the caller may not do what the route asked of them */
  requireAsked(): void {
    if (this.asked !== undefined) this.require([this.asked]);
  }

  /** @throws Forbidden, or another refusal, unless the caller's roles together grant all of these; the log says which are missing */
  require(permissions: readonly Permission[], Refusal: ProblemClass = Forbidden): void {
    const missing = permissions.filter((permission) => !this.may(permission));
    if (missing.length > 0) throw new Refusal({ missing });
  }

  /** Whether the caller's roles, taken together, grant this. */
  may(permission: Permission): boolean {
    return this.permissions.has(permission);
  }
}

/** A caller's membership in one organization. */
export type Membership = {
  organizationId: string;
  active: boolean;
  organizationActive: boolean;
  permissions: ReadonlySet<Permission>;
};

/** A caller, and their membership in the organization that was asked about; null for an outsider. */
export type Answer = { caller: Caller; membership: Membership | null };

/** Asks for the membership in the one organization that a caller belongs to; there is none for who belongs to several. */
export const THE_ONLY = Symbol('the only organization');

/** How the guard learns who calls. Sessions answer, in one query; see modules/auth/tokens/bearer.authenticator.ts. */
export abstract class Authenticator {
  /** Null without a valid access token, a live session and an active account. */
  abstract identify(context: ExecutionContext, organizationId?: string | typeof THE_ONLY): Promise<Answer | null>;
}

/** The caller of this request, as the guard found it: a Caller, under @Allow a Member, under @Public perhaps undefined. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller | undefined => context.switchToHttp().getRequest().caller,
);
