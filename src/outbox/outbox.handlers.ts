import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';

/** What a handler is told beside its payload. `id` is the same at every try; after the last one the message is a dead letter. */
export type Delivery = { id: string; topic: string; attempts: number; isLast: boolean };
export type Handler = (payload: any, delivery: Delivery) => Promise<void>;

/** Marks the method that handles an outbox topic. It may run twice for one message, never zero times. */
export const On = Reflector.createDecorator<string>();

/** The name that a class of handlers had before: messages that were on their way by then still carry it. */
export const Formerly = Reflector.createDecorator<string>();

/** Who handles what: every provider method that carries @On. */
@Injectable()
export class OutboxHandlers implements OnModuleInit {
  private readonly byTopic = new Map<string, string[]>();
  private readonly byName = new Map<string, Handler>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (!instance || typeof instance !== 'object') continue;
      const { name } = instance.constructor;
      const formerly = this.reflector.get(Formerly, instance.constructor);
      for (const method of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance))) {
        const topic = this.reflector.get(On, instance[method]);
        if (!topic) continue;
        this.subscribe(topic, `${name}.${method}`, instance[method].bind(instance));
        if (formerly) this.byName.set(`${formerly}.${method}`, instance[method].bind(instance));
      }
    }
  }

  /** The names of a topic's handlers. @throws Error when there is none: a message that nobody hears is a mistake. */
  to(topic: string): string[] {
    const names = this.of(topic);
    if (names.length === 0) throw new Error(`Nobody handles "${topic}": mark a method with @On('${topic}').`);
    return names;
  }

  /** The names of those who care, if anyone does. */
  of(topic: string): string[] {
    return this.byTopic.get(topic) ?? [];
  }

  /** Every topic that somebody handles. */
  topics(): string[] {
    return [...this.byTopic.keys()];
  }

  handler(name: string): Handler | undefined {
    return this.byName.get(name);
  }

  private subscribe(topic: string, name: string, handler: Handler) {
    this.byTopic.set(topic, [...(this.byTopic.get(topic) ?? []), name]);
    this.byName.set(name, handler);
  }
}
