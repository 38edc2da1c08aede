import { checkRoute, openApiDocument } from '@candlefish/kit/http';
import { apiInfo } from '../../apps/server/api-reference.ts';
import { services } from '../../apps/server/registry.ts';
import type { Generator } from '../lib/generation.ts';

const OUTPUT = 'apps/server/openapi.json';

/** The OpenAPI document of all services, as a process that hosts them all serves it. */
export const openApi: Generator = {
  name: 'openapi',
  outputs: [OUTPUT],
  async run() {
    const problems = services.flatMap(({ routes }) => routes.flatMap(checkRoute));
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return [{ path: OUTPUT, content: `${JSON.stringify(openApiDocument(apiInfo, services), null, 2)}\n` }];
  },
};
