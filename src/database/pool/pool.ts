import { AsyncResource } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import type { Connection } from 'mysql2';
import { SECOND } from '../../kit/clock';
import { remedyFor } from './remedies';
import type { Parameter } from '../statements/statements';
import { Link, type Lent } from './link';

type Taken = (error: Error | null, connection?: Lent) => void;
/** The rows of a SELECT; of anything else, how many it matched. */
type Result = unknown[] | { affectedRows: number };
/** `waited`: in looks; `since`: when it came. */
type Waiter = { taken: Taken; waited: number; since: number };
type Executed = (error: Error | null, result?: Result) => void;
/** What a pool is made of: how many there may be at most, how long a statement may take, and how a connection comes about. */
export type Making = { size: number; bound: number; open(bound: number): Promise<Connection>; unbinding: string };

const QUEUE = 200; // who wait for a connection
const WAIT = 2 * SECOND; // each of them
const LOOK = SECOND / 10; // at who waits. A process that got no time for itself does not take that for the silence of others

/**
 * Connections to a server that requests share. Who comes when all are lent waits, in a queue that has a bound; what is asked has an answer
 * in time or its connection is closed; and once one of them hears that the server cannot serve, all that are there are closed, those at
 * work when they come back: the next may reach another server.
 */
export class Pool {
  private readonly idle: Link[] = [];
  private readonly used = new Set<Link>();
  private readonly waiting: Waiter[] = [];
  private readonly looking = setInterval(() => this.look(), LOOK).unref();
  private opening = 0;
  private era = 0;
  private isClosed = false;

  /** Hears how long each who asked for a connection waited until there was one, or none; in seconds. */
  onWaited?: (seconds: number) => void;

  /** What is done once the server is heard to be unable to serve. */
  unfit = (): void => this.leave();

  constructor(private readonly making: Making) {}

  get figures(): { used: number; idle: number; waiting: number } {
    return { used: this.used.size, idle: this.idle.length, waiting: this.waiting.length };
  }

  /** As TypeORM asks for one. */
  getConnection(taken: Taken): void {
    if (this.isClosed) return taken(new Error('Pool is closed.'));
    if (this.waiting.length - this.opening >= QUEUE) return taken(busy());
    const resumed = this.idle.length > 0 ? taken : AsyncResource.bind(taken); // who waits goes on for themselves, not for who gave it back
    this.waiting.push({ taken: resumed, waited: 0, since: performance.now() });
    this.serve();
  }

  /** One prepared statement, on any connection. */
  execute(sql: string, parameters: Parameter[], done: Executed): void {
    this.getConnection((error, connection) => {
      if (!connection) return done(error);
      try {
        connection.execute(sql, parameters, (failed, result) => {
          connection.release();
          done(failed, result as Result);
        });
      } catch (failed) {
        connection.release();
        done(failed as Error);
      }
    });
  }

  /** Closes every connection that is there by now; what is at work comes to its end: others may wait for its answers. */
  leave(): void {
    this.era++;
    for (const { connection } of this.idle.splice(0)) connection.destroy();
  }

  end(done: (error?: Error) => void): void {
    this.isClosed = true;
    clearInterval(this.looking);
    for (const waiter of this.waiting.splice(0)) this.answer(waiter, new Error('Pool is closed.'));
    for (const { connection } of this.idle.splice(0)) connection.end();
    done();
  }

  /** Lends what is there, and opens what there is room for. */
  private serve(): void {
    while (this.waiting.length > 0 && this.idle.length > 0) {
      const link = this.idle.pop()!;
      this.used.add(link);
      this.answer(this.waiting.shift(), null, link.connection);
    }
    while (this.opening < this.waiting.length && this.used.size + this.idle.length + this.opening < this.making.size)
      this.open();
  }

  private answer(waiter: Waiter | undefined, ...answer: Parameters<Taken>): void {
    if (!waiter) return;
    this.onWaited?.((performance.now() - waiter.since) / SECOND);
    waiter.taken(...answer);
  }

  private open(): void {
    const born = this.era;
    this.opening++;
    this.making.open(this.making.bound).then(
      (connection) => {
        this.opening--;
        this.admit(connection as Lent, born);
      },
      (error: Error) => {
        this.opening--;
        this.answer(this.waiting.shift(), error);
        this.serve();
      },
    );
  }

  private admit(connection: Lent, born: number): void {
    const link = new Link(connection, (error) => {
      if (born === this.era && remedyFor(error) === 'elsewhere') this.unfit();
    });
    connection.release = () => this.takeBack(link, born);
    connection.unbind = async () => {
      link.isBound = false;
      await connection.promise().query(this.making.unbinding);
    };
    const { stream } = connection as unknown as { stream: NodeJS.EventEmitter };
    for (const source of [connection, stream])
      for (const event of ['error', 'end', 'close']) source.on(event, () => this.forget(link));
    this.used.add(link);
    this.takeBack(link, born);
  }

  private takeBack(link: Link, born: number): void {
    if (!this.used.delete(link)) return; // lost meanwhile
    if (this.isClosed) link.connection.end();
    else if (born < this.era || !link.isBound) link.connection.destroy();
    else this.idle.push(link);
    this.serve();
  }

  private forget(link: Link): void {
    const at = this.idle.indexOf(link);
    if (at >= 0) this.idle.splice(at, 1);
    if (this.used.delete(link)) this.serve();
  }

  private look(): void {
    for (const link of this.used) link.look(LOOK, this.making.bound);
    for (const waiter of this.waiting) waiter.waited += LOOK;
    while (this.waiting[0] && this.waiting[0].waited > WAIT) this.answer(this.waiting.shift(), busy());
  }
}

const busy = () =>
  Object.assign(new Error('Every connection to the database is taken (DATABASE_POOL).'), { code: 'POOL_BUSY' });
