import { PickType } from '@nestjs/swagger';
import { TextField, TimeField } from '../../../http/fields/fields';
import { pageOf } from '../../../http/contract/page';

/** A version of the application. */
export class Version {
  @TextField({
    min: 5,
    max: 64,
    pattern: /^\d+\.\d+\.\d+(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/,
    rule: 'must be a version such as 1.4.0 or 2.0.0-rc.1',
    example: '1.4.0',
  })
  version: string;

  @TextField({ max: 10_000, example: 'Notifications, also as they happen.' })
  description: string;

  @TimeField({ description: 'When it was first started, or announced.' })
  createdAt: Date;
}

export const VersionPage = pageOf(Version);

export class NewVersion extends PickType(Version, ['version', 'description']) {}
