import type { ApiInfo } from '@candlefish/kit/http';
import { VERSION } from './version.ts';

/** What the OpenAPI document says of itself. */
export const apiInfo: ApiInfo = {
  title: 'Candlefish API',
  version: VERSION,
  description:
    'One sign-in and one API for agents, documents and the trades. Send `Authorization: Bearer <token>` or `X-API-Key: <key>`. Errors are `application/problem+json` with a stable `code`.',
};
