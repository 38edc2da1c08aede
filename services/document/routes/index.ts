import type { Route } from '@candlefish/kit/http';
import type { DocumentService } from '../ctx.ts';
import { collaborationRoutes } from './collaboration.ts';
import { documentRoutes } from './documents.ts';
import { memberRoutes } from './members.ts';
import { shareLinkRoutes } from './share-links.ts';

/** REST operations of this service. */
export const routes: readonly Route<DocumentService>[] = [
  ...documentRoutes,
  ...collaborationRoutes,
  ...memberRoutes,
  ...shareLinkRoutes,
];
