import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Answer, Caller, Authenticator, type Membership, THE_ONLY } from '../../../access/caller';
import { grantedBy, heldRoles, isHeld } from '../../../access/held-roles';
import { isStaffRole, permissionsFrom, type StaffRole } from '../../../access/permissions';
import { clock, SECOND } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { Database, sqlTime } from '../../../database/database';
import { concerning } from '../../../kit/request-context';
import type { Claims } from './access-tokens';
import { guardOf, JwtStrategy } from './jwt.strategy';
import { VerifiedTokens } from './verified-tokens';

const PERSON = `u.id AS userId, u.email, u.name, u.status AS userStatus, u.platform_role AS platformRole,
    CASE WHEN u.email_verified_at IS NULL THEN 0 ELSE 1 END AS verified`;
const LIVE = 'WHERE s.id = ? AND s.user_id = ? AND s.expires_at > ? AND s.auth_epoch = u.auth_epoch';

/** Session and person, where no organization is asked about. */
const ALONE = `SELECT ${PERSON} FROM sessions s JOIN users u ON u.id = s.user_id ${LIVE}`;

/** Session, person, membership in one organization and rights there, in one round trip by primary and unique keys: a row for each grant. */
const who = (organization: string) => `
  SELECT ${PERSON}, m.organization_id AS organizationId, m.status AS memberStatus, o.status AS organizationStatus, ${grantedBy('h')} AS granted
  FROM sessions s
  JOIN users u ON u.id = s.user_id
  LEFT JOIN user_org m ON m.organization_id = ${organization} AND m.user_id = s.user_id
  LEFT JOIN organizations o ON o.id = m.organization_id
  ${heldRoles('m')}
  ${LIVE} AND ${isHeld('m')}`;
const IN_NAMED = who('?');
const IN_THE_ONLY = who(
  '(SELECT CASE WHEN COUNT(*) = 1 THEN MIN(organization_id) END FROM user_org WHERE user_id = s.user_id)',
);

type Row = {
  userId: string;
  email: string;
  name: string;
  userStatus: string;
  platformRole: string | null;
  verified: number;
  organizationId?: string | null;
  memberStatus: string | null;
  organizationStatus: string | null;
  granted: string | null;
};

/** Answers access' questions from a bearer token and the database. */
@Injectable()
export class BearerAuthenticator extends Authenticator {
  private readonly guard: CanActivate;
  private readonly verified = new VerifiedTokens();

  constructor(
    strategy: JwtStrategy,
    private readonly db: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super();
    this.guard = guardOf(strategy);
  }

  async identify(context: ExecutionContext, organizationId?: string | typeof THE_ONLY): Promise<Answer | null> {
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const claims = this.verified.claimsOf(authorization) ?? (await this.verify(context, authorization));
    if (!claims) return null;

    const rows = await this.ask(claims, organizationId);
    const [row] = rows;
    if (!row || row.userStatus !== 'active') return nobody(claims);
    return { caller: this.callerOf(row, claims), membership: membershipOf(row, rows) };
  }

  private ask({ sid, sub }: Claims, organizationId?: string | typeof THE_ONLY): Promise<Row[]> {
    const now = sqlTime(clock.now());
    if (organizationId === undefined) return this.db.select(ALONE, [sid, sub, now]);
    if (organizationId === THE_ONLY) return this.db.select(IN_THE_ONLY, [sub, now, sid, sub, now]);
    return this.db.select(IN_NAMED, [organizationId, sub, now, sid, sub, now]);
  }

  /** Null for a token that is not ours, or not valid any more. */
  private async verify(context: ExecutionContext, authorization: string): Promise<Claims | null> {
    await this.guard.canActivate(context);
    const { user } = context.switchToHttp().getRequest<{ user: Claims | null }>();
    if (user) this.verified.remember(authorization, user);
    return user;
  }

  private callerOf({ userId, email, name, verified: proof, platformRole }: Row, { sid, exp }: Claims): Caller {
    const verified = proof === 1;
    const staffRole = this.staffRole(email, verified, platformRole);
    return new Caller({ userId, sessionId: sid, email, name, verified, staffRole, validUntil: new Date(exp * SECOND) });
  }

  /** Staff by their row or by the PLATFORM_ADMINS setting, once the address is proved. */
  private staffRole(email: string, verified: boolean, platformRole: string | null): StaffRole | null {
    if (!verified) return null; // nobody becomes staff by signing up with a colleague's address
    if (isStaffRole(platformRole)) return platformRole;
    return this.config.PLATFORM_ADMINS.includes(email) ? 'admin' : null;
  }
}

/** No caller; the log says whose session it was. */
function nobody({ sub }: Claims): null {
  concerning(sub);
  return null;
}

function membershipOf({ organizationId, memberStatus, organizationStatus }: Row, rows: Row[]): Membership | null {
  if (!organizationId) return null;
  return {
    organizationId,
    active: memberStatus === 'active',
    organizationActive: organizationStatus === 'active',
    permissions: permissionsFrom(rows.flatMap(({ granted }) => granted ?? [])),
  };
}
