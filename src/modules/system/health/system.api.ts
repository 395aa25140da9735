import { EnumField, ShapeField, TextField } from '../../../http/fields/fields';

export class Liveness {
  @EnumField(['ok'])
  status: 'ok';
}

export class ReadinessChecks {
  @EnumField(['ok'], { description: 'It answers.' })
  database: 'ok';

  @EnumField(['ok'], { description: 'All of them have run.' })
  migrations: 'ok';

  @EnumField(['ok', 'away', 'off'], {
    description: 'Away: each instance counts requests by itself, and serves. Off: it always does.',
  })
  redis: 'ok' | 'away' | 'off';
}

export class Readiness {
  @EnumField(['ready'])
  status: 'ready';

  @ShapeField(() => ReadinessChecks)
  checks: ReadinessChecks;
}

/** `?to=` of the development mailbox; empty, as the form on its page sends it, means everyone. */
export class MailboxQuery {
  @TextField({ max: 254, optional: true })
  to?: string;
}
