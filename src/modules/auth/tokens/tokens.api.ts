import { ListField, TextField } from '../../../http/fields/fields';

/** One public key (RFC 7517, 7638). */
export class Jwk {
  @TextField({ max: 10, example: 'EC' })
  kty: string;

  @TextField({ max: 10, example: 'P-256' })
  crv: string;

  @TextField({ max: 64, example: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU' })
  x: string;

  @TextField({ max: 64, example: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' })
  y: string;

  @TextField({ max: 10, example: 'ES256' })
  alg: string;

  @TextField({ max: 10, example: 'sig' })
  use: string;

  @TextField({ max: 64, example: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U' })
  kid: string;
}

export class Jwks {
  @ListField(() => Jwk)
  keys: Jwk[];
}
