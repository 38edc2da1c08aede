import type { Generator } from '../lib/generation.ts';
import { configuration } from './configuration.ts';
import { consoleOperations } from './console-operations.ts';
import { errorList } from './errors.ts';
import { graphqlTypes } from './graphql-types.ts';
import { lockFile } from './lock-file.ts';
import { openApi } from './openapi.ts';
import { rows } from './rows.ts';
import { schema } from './schema.ts';
import { supergraph } from './supergraph.ts';

/**
 * Every generator of the repository, in the order they run; a later one may read what an earlier one wrote. To add one:
 * a file beside this one that exports a `Generator`, and a line here.
 */
export const generators: readonly Generator[] = [
  lockFile,
  graphqlTypes,
  supergraph,
  consoleOperations,
  rows,
  schema,
  configuration,
  openApi,
  errorList,
];
