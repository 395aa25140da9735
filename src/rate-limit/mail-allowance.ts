import { Inject, Injectable } from '@nestjs/common';
import { clock, DAY, HOUR, MINUTE, SECOND } from '../kit/clock';
import { CONFIG, type Config } from '../config/config';
import { addressBlock } from '../kit/net/network';
import { madeAt } from '../kit/id';
import { EmailUnverified, TooManyRequests } from '../kit/problem';
import { requestContext } from '../kit/request-context';
import { RateLimitStore } from './rate-limit.store';
import { hashToken } from '../kit/token';
import { type Allowance, AccountLimits } from './account-limits';

/** What reaches one mailbox because of others, whoever they are: nobody's is to be flooded through us. */
const TO_MAILBOX = { max: 30, per: HOUR };
/** The same of one kind, by people of whom nothing is known. */
const BY_STRANGERS = { max: 5, per: 15 * MINUTE };
/** An account or organization in its first day has this part of MAIL_LIMIT; and a network this part of its mails, for all such together. */
const NEW_FOR = DAY;
const NEW_PART = 4;
const NEW_PART_OF_NETWORK = 10;
/** Of the requests that RATE_LIMIT lets a network make in an hour, so many may be mails. */
const NETWORK_PART = 12;

type Sender = { userId: string; organizationId: string; verified: boolean };

/**
 * Who may have us write to somebody else, and how often. Whatever a person asks for that ends in another's mailbox goes through `take`;
 * see docs/decisions/0025. As part of a transaction it counts what was sent, else what was tried.
 */
@Injectable()
export class MailAllowance {
  constructor(
    private readonly limits: AccountLimits,
    private readonly counters: RateLimitStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Counts one mail to `to` that a member has sent, by person, organization, network and mailbox. @throws EmailUnverified, TooManyRequests */
  async take({ userId, organizationId, verified }: Sender, to: string): Promise<void> {
    if (!verified) throw new EmailUnverified();
    await this.takeOfNetwork(isNew(userId) || isNew(organizationId));
    for (const id of [userId, organizationId]) await this.limits.take(`messages:${id}`, this.shareOf(id));
    await this.takeOf(to);
  }

  /** Counts one mail to this mailbox. @throws TooManyRequests */
  async takeOf(mailbox: string): Promise<void> {
    await this.limits.take(`mail:${mailbox}`, TO_MAILBOX);
  }

  /** Counts one mail of a kind that a stranger asks for, and tells whether it may go. The answer to them must not depend on it. */
  async allows(kind: string, to: string, organizationId?: string): Promise<boolean> {
    if (!(await this.limits.allows(`mail:${kind}:${to}`, BY_STRANGERS))) return false;
    return (
      organizationId === undefined || this.limits.allows(`${kind}:${organizationId}`, this.shareOf(organizationId))
    );
  }

  /** Counts one mail that tells a person what happened. */
  allowsNews(to: string): Promise<boolean> {
    return this.limits.allows(`mail:news:${to}`, TO_MAILBOX);
  }

  private shareOf(id: string): Allowance {
    const { max, per } = this.config.MAIL_LIMIT;
    return { max: isNew(id) ? Math.ceil(max / NEW_PART) : max, per };
  }

  /** In memory or in Redis, as requests are: a row for each network would be one that everybody there waits for. */
  private async takeOfNetwork(isNew: boolean): Promise<void> {
    const { ip } = requestContext() ?? {};
    const { max, per } = this.config.RATE_LIMIT;
    if (!ip || max === Infinity) return;
    const mails = (max * HOUR) / per / NETWORK_PART;
    const network = addressBlock(ip);
    await this.count(`mails ${network}`, mails);
    if (isNew) await this.count(`first mails ${network}`, mails / NEW_PART_OF_NETWORK);
  }

  private async count(what: string, max: number): Promise<void> {
    const { hits, left } = await this.counters.count(hashToken(what), HOUR);
    if (hits > Math.ceil(max)) throw new TooManyRequests({ retryAfter: Math.max(1, left / SECOND) });
  }
}

const isNew = (id: string): boolean => clock.now().getTime() - madeAt(id).getTime() < NEW_FOR;
