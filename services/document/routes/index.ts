import type { Route } from '@candlefish/kit/http';
import type { DocumentService } from '../ctx.ts';
import { branchRoutes } from './branches.ts';
import { collaborationRoutes } from './collaboration.ts';
import { commentRoutes } from './comments.ts';
import { contentRoutes } from './content.ts';
import { documentRoutes } from './documents.ts';
import { exchangeRoutes } from './exchange.ts';
import { historyRoutes } from './history.ts';
import { memberRoutes } from './members.ts';
import { shareLinkRoutes } from './share-links.ts';
import { versionRoutes } from './versions.ts';

/** REST operations of this service. */
export const routes: readonly Route<DocumentService>[] = [
  ...documentRoutes,
  ...exchangeRoutes,
  ...collaborationRoutes,
  ...contentRoutes,
  ...memberRoutes,
  ...shareLinkRoutes,
  ...commentRoutes,
  ...versionRoutes,
  ...branchRoutes,
  ...historyRoutes,
];
