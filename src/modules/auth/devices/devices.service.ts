import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { clock, DAY, fromNow } from '../../../kit/clock';
import { Database, isDuplicate } from '../../../database/database';
import { Rows } from '../../../database/rows';
import { addressBlock } from '../../../kit/net/network';
import { requestContext } from '../../../kit/request-context';
import { TrustedDevice } from './trusted-device.entity';

/** Where the current request comes from. */
export type Device = { hash: string; ip: string; userAgent: string };

/** The device of the current request: its user agent in its network (/24, or /64 for IPv6). */
export function currentDevice(): Device {
  const { ip = '', userAgent = '' } = requestContext() ?? {};
  const hash = createHash('sha256')
    .update(`${addressBlock(ip)}\n${userAgent}`)
    .digest('hex');
  return { hash, ip, userAgent };
}

/** Which devices a person is known to use: a login from another mails an alert, and guesses from another are counted together. */
@Injectable()
export class DevicesService {
  private readonly devices: Rows<TrustedDevice>;

  constructor(db: Database) {
    this.devices = new Rows(db, TrustedDevice);
  }

  isKnown(userId: string, { hash }: Device): Promise<boolean> {
    return this.devices.find({ userId, deviceHash: hash }).then(Boolean);
  }

  /** Remembers the device; tells whether it was known before. */
  async remember(userId: string, { hash }: Device): Promise<boolean> {
    const seen = { lastSeenAt: clock.now() };
    if ((await this.devices.change({ userId, deviceHash: hash }, seen)) > 0) return true;
    try {
      await this.devices.add({ userId, deviceHash: hash, ...seen });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    return false;
  }

  /** Deletes devices unseen for a year; tells how many. */
  forget(): Promise<number> {
    return this.devices.sweep({ lastSeenAt: LessThan(fromNow(-365 * DAY)) });
  }

  list(userId: string): Promise<TrustedDevice[]> {
    return this.devices.list({ userId });
  }

  async forgetAll(userId: string): Promise<void> {
    await this.devices.remove({ userId });
  }
}
