import { BooleanField } from '../../../http/fields/fields';

export class Received {
  @BooleanField()
  received: boolean;
}
