import { Injectable } from '@nestjs/common';
import { clock } from '../../../kit/clock';
import { maskAddresses } from '../../../kit/text/email-address';
import { Undeliverable } from '../../../mail/mailer';
import { DeliveryLog } from '../../../mail/system-mailer';
import type { Delivery } from '../../../outbox/outbox.handlers';
import { MessagesRepository } from './messages.repository';

type Mail = { organizationId: string; to: string; template: string | null };

/** Writes down what becomes of each mail of an organization, its own and those that the system sends on its behalf. */
@Injectable()
export class DeliveryLogService extends DeliveryLog {
  constructor(private readonly messages: MessagesRepository) {
    super();
  }

  /** Runs one try, unless one has succeeded before a crash; then there is nothing left to do. */
  async track(
    { organizationId, to, template }: Mail,
    { id, attempts, isLast }: Delivery,
    send: () => Promise<void>,
  ): Promise<void> {
    const message = await this.messages.enter(organizationId, { id, email: to, template });
    if (message?.sentAt) return;
    const write = (outcome: object) => this.messages.change(organizationId, { id }, { attempts, ...outcome });
    try {
      await send();
    } catch (error) {
      const isOver = isLast || (error as { permanent?: boolean }).permanent === true;
      await write({ lastError: reasonOf(error), failedAt: isOver ? clock.now() : null });
      throw error;
    }
    await write({ sentAt: clock.now(), lastError: null, failedAt: null, content: null });
  }
}

/** What a tenant may read of an error: the mail server's own words, but nothing of where it stands or how we sign in to it. */
function reasonOf(error: unknown): string {
  if (error instanceof Undeliverable) return error.message;
  const { response, command } = error as { response?: string; command?: string };
  if (!response || command?.startsWith('AUTH')) return 'The mail server cannot be reached.';
  return maskAddresses(response.replace(/[^\x20-\x7e]+/g, ' ')).slice(0, 500);
}
