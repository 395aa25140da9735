import { Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { clock, fromNow } from '../../kit/clock';
import { Database, isDuplicate } from '../database';
import { newId } from '../../kit/id';
import { Rows } from '../rows';
import { Lease } from './lease.entity';

/** Has work done by one instance at a time, however many there are. A crash lets a lease run out. */
@Injectable()
export class Leases {
  private readonly leases: Rows<Lease>;
  private readonly me = newId();

  constructor(db: Database) {
    this.leases = new Rows(db, Lease);
  }

  /** Takes what is free for so many milliseconds; tells whether it was. Who holds it gets it longer by `keep`. */
  async take(name: string, milliseconds: number): Promise<boolean> {
    const taken = { owner: this.me, endsAt: fromNow(milliseconds) };
    if ((await this.leases.change({ name, endsAt: LessThanOrEqual(clock.now()) }, taken)) === 1) return true;
    if (await this.leases.find({ name })) return false;
    return this.leases.add({ name, ...taken }).then(
      () => true,
      (error: unknown) => {
        if (isDuplicate(error)) return false; // another was faster
        throw error;
      },
    );
  }

  /** Lets one's own lease last for so many milliseconds from now; 0 gives it back. @returns false when it was lost meanwhile */
  async keep(name: string, milliseconds: number): Promise<boolean> {
    return (await this.leases.change({ name, owner: this.me }, { endsAt: fromNow(milliseconds) })) === 1;
  }
}
