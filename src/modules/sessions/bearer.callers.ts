import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Answer, Caller, Callers, type Place, THE_ONLY } from '../../access/caller';
import { isStaffRole, permissionsFrom, type StaffRole } from '../../access/permissions';
import { clock, SECOND } from '../../kit/clock';
import { CONFIG, type Config } from '../../kit/config';
import { Database, sqlTime } from '../../kit/db/database';
import { isId } from '../../kit/db/id';
import type { Claims } from './access-tokens';
import { guardOf, JwtStrategy } from './jwt.strategy';
import { VerifiedTokens } from './verified-tokens';

const PERSON = `u.id AS userId, u.email, u.status AS userStatus, u.platform_role AS platformRole,
    CASE WHEN u.email_verified_at IS NULL THEN 0 ELSE 1 END AS verified`;
const LIVE = 'WHERE s.id = ? AND s.user_id = ? AND s.expires_at > ?';

/** Session and person, where no organization is asked about. */
const ALONE = `SELECT ${PERSON} FROM sessions s JOIN users u ON u.id = s.user_id ${LIVE}`;

/** Session, person, place in one organization and rights there, in one round trip by primary and unique keys. */
const who = (organization: string) => `
  SELECT ${PERSON}, m.organization_id AS organizationId, m.status AS memberStatus, o.status AS organizationStatus,
    CASE WHEN r.fixed = 1 THEN r.name
      ELSE (SELECT GROUP_CONCAT(p.permission) FROM role_permissions p WHERE p.role_id = m.role_id) END AS grants,
    (SELECT GROUP_CONCAT(CASE WHEN xr.fixed = 1 THEN xr.name ELSE xp.permission END)
      FROM user_role x JOIN roles xr ON xr.id = x.role_id LEFT JOIN role_permissions xp ON xp.role_id = xr.id AND xr.fixed = 0
      WHERE x.organization_id = m.organization_id AND x.user_id = m.user_id AND (x.expires_at IS NULL OR x.expires_at > ?)) AS extraGrants
  FROM sessions s
  JOIN users u ON u.id = s.user_id
  LEFT JOIN user_org m ON m.organization_id = ${organization} AND m.user_id = s.user_id
  LEFT JOIN organizations o ON o.id = m.organization_id
  LEFT JOIN roles r ON r.id = m.role_id
  ${LIVE}`;
const IN_NAMED = who('?');
const IN_THE_ONLY = who(
  '(SELECT CASE WHEN COUNT(*) = 1 THEN MIN(organization_id) END FROM user_org WHERE user_id = s.user_id)',
);

type Row = {
  userId: string;
  email: string;
  userStatus: string;
  platformRole: string | null;
  verified: number;
  organizationId?: string | null;
  memberStatus: string | null;
  organizationStatus: string | null;
  grants: string | null;
  extraGrants: string | null;
};

/** Answers access' questions from a bearer token and the database. */
@Injectable()
export class BearerCallers extends Callers {
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
    const claims = await this.claimsOf(context);
    if (!claims || !isId(claims.sid) || !isId(claims.sub)) return null;

    const [row] = await this.ask(claims, organizationId);
    if (!row || row.userStatus !== 'active') return null;
    return { caller: this.callerOf(row, claims), membership: membershipOf(row) };
  }

  private ask({ sid, sub }: Claims, organizationId?: string | typeof THE_ONLY): Promise<Row[]> {
    const now = sqlTime(clock.now());
    if (organizationId === undefined) return this.db.select(ALONE, [sid, sub, now]);
    if (organizationId === THE_ONLY) return this.db.select(IN_THE_ONLY, [now, sid, sub, now]);
    return this.db.select(IN_NAMED, [now, organizationId, sid, sub, now]);
  }

  /** Null for a token that is not ours, or not valid any more. */
  private async claimsOf(context: ExecutionContext): Promise<Claims | null> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user: Claims | null }>();
    const sent = request.headers.authorization ?? '';
    const known = this.verified.claimsOf(sent);
    if (known) return known;

    await this.guard.canActivate(context);
    if (request.user) this.verified.remember(sent, request.user);
    return request.user;
  }

  private callerOf({ userId, email, verified, platformRole }: Row, { sid, exp }: Claims): Caller {
    const isVerified = verified === 1;
    const staffRole = this.staffRole(email, isVerified, platformRole);
    return new Caller(userId, sid, email, isVerified, staffRole, new Date(exp * SECOND));
  }

  /** Staff by their row or by the PLATFORM_ADMINS setting, once the address is proved. */
  private staffRole(email: string, verified: boolean, platformRole: string | null): StaffRole | null {
    if (!verified) return null; // nobody becomes staff by signing up with a colleague's address
    if (isStaffRole(platformRole)) return platformRole;
    return this.config.PLATFORM_ADMINS.includes(email) ? 'admin' : null;
  }
}

function membershipOf({ organizationId, memberStatus, organizationStatus, grants, extraGrants }: Row): Place | null {
  if (!organizationId) return null;
  const names = [grants, extraGrants].flatMap((list) => list?.split(',') ?? []);
  return {
    organizationId,
    active: memberStatus === 'active',
    organizationActive: organizationStatus === 'active',
    permissions: permissionsFrom(names),
  };
}
