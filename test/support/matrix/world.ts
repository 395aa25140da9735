import { randomBytes } from 'node:crypto';
import { type Permission, PERMISSIONS, type StaffRole } from '../../../src/access/permissions';
import type { House } from '../house';
import type { Visitor } from '../visitor';
import { canaryOf, foundTenant, join, personOf, type Tenant } from './tenant';
import { grantsOf, type Kind, KINDS } from './verdict';

const MEMBERS: Kind[] = ['Member', 'Admin', 'Owner', 'only', 'all but'];
const isCustom = (kind: Kind) => kind === 'only' || kind === 'all but';
const isPermission = (name: string): name is Permission => (PERMISSIONS as string[]).includes(name);
/** `only` and `all but` are as many people as there are permissions. */
const keyOf = (kind: Kind, permission: string) =>
  isCustom(kind) && isPermission(permission) ? `${kind} ${permission}` : kind;

/** A home organization with everyone who may knock, another one that is not to be harmed, and a stranger with a third. */
export class World {
  home: Tenant;
  fjord: Tenant;
  /** Founds organizations that nobody has a secret in. */
  founder: Visitor;
  private readonly strand = canaryOf('strand');
  private readonly cast = new Map<string, Visitor>();

  constructor(readonly house: House) {}

  async found(): Promise<this> {
    this.founder = await this.house.owner();
    this.home = await foundTenant(this.house, 'harbour');
    this.fjord = await foundTenant(this.house, 'fjord');
    return this;
  }

  /** Calls together everyone who may knock. */
  async gather(): Promise<this> {
    for (const kind of KINDS) {
      for (const permission of isCustom(kind) ? [...PERMISSIONS, ''] : ['']) {
        this.cast.set(keyOf(kind, permission), await this.newcomer(kind, permission));
      }
    }
    return this;
  }

  /** Who plays this part for a route that asks for this permission. */
  caller(kind: Kind, permission: string): Visitor {
    return this.cast.get(keyOf(kind, permission))!;
  }

  /** Words that this kind of caller must never read. */
  secretsTo(kind: Kind): string[] {
    if (kind === 'stranger') return [this.home.canary, this.fjord.canary];
    const isOfHome = MEMBERS.includes(kind) || kind === 'suspended';
    return [this.fjord.canary, this.strand, ...(isOfHome ? [] : [this.home.canary])];
  }

  /** Someone new in the same place. */
  async newcomer(kind: Kind, permission: string): Promise<Visitor> {
    const { house, home, strand } = this;
    if (kind === 'nobody') return house.visitor();
    if (kind === 'stranger') return house.owner({ name: strand, organizationName: `${strand} Works` });
    if (kind === 'removed') return this.removed();
    if (kind === 'staff admin' || kind === 'staff support') return this.staff(kind.slice('staff '.length) as StaffRole);

    const person = await personOf(house, home.canary, kind);
    if (kind !== 'suspended') return join(house, home, person, await this.roleFor(home, kind, permission));
    await join(house, home, person, 'Owner');
    const suspension = { status: 'suspended' };
    (await home.keeper.put(`/organizations/:org/members/${person.user.id}`, suspension)).expect(200);
    return person;
  }

  /** Founds an organization in which the caller has the same place as at home. */
  async elsewhere(caller: Visitor, kind: Kind, permission: string): Promise<string> {
    const { id } = (await this.founder.post('/organizations', { name: 'Elsewhere' })).expect(201);
    const there = { id, canary: 'elsewhere', keeper: this.founder };
    const { organizationId } = caller;
    if (MEMBERS.includes(kind)) await join(this.house, there, caller, await this.roleFor(there, kind, permission));
    caller.organizationId = organizationId;
    return id;
  }

  /** An invite to a fresh organization, and its mailed token. */
  async inviteElsewhere(email: string): Promise<{ id: string; token: string }> {
    const orgId = await this.elsewhere(this.founder, 'nobody', '');
    const { id } = (await this.founder.post(`/organizations/${orgId}/invites`, { email, role: 'Member' })).expect(201);
    return { id, token: await this.house.tokenFor(email, 'invite') };
  }

  private async removed(): Promise<Visitor> {
    const removed = await join(this.house, this.home, await this.house.user(), 'Owner');
    (await this.home.keeper.delete(`/organizations/:org/members/${removed.user.id}`)).expect(204);
    return removed;
  }

  private async staff(role: StaffRole): Promise<Visitor> {
    const staff = await this.house.user();
    await this.house.promote(staff, role);
    return staff;
  }

  private async roleFor(
    { id, keeper, canary }: Pick<Tenant, 'id' | 'keeper' | 'canary'>,
    kind: Kind,
    permission: string,
  ): Promise<string> {
    if (!isCustom(kind)) return kind;
    const name = `${canary} ${kind} ${randomBytes(3).toString('hex')}`;
    const permissions = [...grantsOf(kind, permission)];
    (await keeper.post(`/organizations/${id}/roles`, { name, permissions })).expect(201);
    return name;
  }
}
