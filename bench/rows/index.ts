import type { Row } from '../lib/types.ts';
import { documents } from './documents.ts';
import { gateway } from './gateway.ts';
import { gatewayHttp } from './gateway-http.ts';
import { keyset } from './keyset.ts';
import { login } from './login.ts';
import { memory } from './memory.ts';
import { row } from './row.ts';
import { start } from './start.ts';
import { store } from './store.ts';

/** Every row, in the order of the table of figures. */
export const rows: readonly Row[] = [gateway, gatewayHttp, row, store, keyset, login, documents, start, memory];
