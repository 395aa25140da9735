import { BooleanField } from '../../kit/http/fields';

export class Received {
  @BooleanField()
  received: boolean;
}
