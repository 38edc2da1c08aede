import { findTenantPlanCall, findUsersCall, searchUsersCall } from '@candlefish/auth/contract';
import { defineService } from '@candlefish/kit/service';
import {
  commentErrors,
  commentEvents,
  commentMentioned,
  documentCreated,
  documentDeleted,
  documentEdited,
  documentErrors,
  documentMemberRemoved,
  documentMemberSet,
  documentRenamed,
  documentVisibilityChanged,
  shareErrors,
  shareLinkCreated,
  shareLinkRevoked,
  versionErrors,
  versionEvents,
} from './contract.ts';
import { accessCalls } from './handlers/access.ts';
import { liveCalls, liveCrons } from './handlers/live.ts';
import { versionCrons } from './handlers/versions.ts';
import { makeDemoDocuments } from './operations/make-demo-documents.ts';
import { policy } from './policy.ts';
import { resolvers } from './resolvers/index.ts';
import { routes } from './routes/index.ts';
import { config } from './setup/config.ts';
import { close, setup } from './setup/index.ts';

/** Documents that several people and agents edit at once. */
export const document = defineService({
  name: 'document',
  summary: 'Keeps shared documents as logs of updates, applies operations to them and tells who follows.',
  paths: ['/api/v1/documents', '/api/v1/share-links', '/api/v1/shared-document', '/api/v1/document-usage'],
  needs: ['postgres'],
  calls: [findUsersCall, findTenantPlanCall, searchUsersCall],
  config,
  policy,
  errors: { ...documentErrors, ...shareErrors, ...commentErrors, ...versionErrors },
  emits: [
    documentCreated,
    documentEdited,
    documentRenamed,
    documentVisibilityChanged,
    documentDeleted,
    documentMemberSet,
    documentMemberRemoved,
    shareLinkCreated,
    shareLinkRevoked,
    ...Object.values(commentEvents),
    commentMentioned,
    ...versionEvents,
  ],
  setup,
  close,
  provides: [...accessCalls, ...liveCalls],
  routes,
  demo: makeDemoDocuments,
  graphql: { schema: new URL('./schema.graphql', import.meta.url), resolvers },
  crons: [...versionCrons, ...liveCrons],
  migrations: new URL('./migrations/', import.meta.url),
  scaling: { min: 2, max: 12, cpuPercent: 60, requestsPerSecond: 300 },
  slo: { p95Ms: 200, availability: 0.999 },
});
