import { creationKey, toConnection } from '@candlefish/kit/page';
import { createVersion, deleteVersion, renameVersion } from '../operations/change-versions.ts';
import { diffDocument } from '../operations/diff-document.ts';
import { findDocument } from '../operations/documents.ts';
import { restoreVersion } from '../operations/restore-version.ts';
import { findVersion, listVersions, readVersionContent } from '../operations/versions.ts';
import type { AnyResolvers } from '../schema.generated.ts';
import { orNull } from './or-null.ts';

/** Kept states of documents. */
export const versionResolvers = {
  Query: {
    documentVersion: (_parent, { id }, ctx) => orNull(findVersion(ctx, id)),
    documentDiff: (_parent, { id, from, to }, ctx) => diffDocument(ctx, { documentId: id, from, to }),
  },
  Mutation: {
    createDocumentVersion: (_parent, args, ctx) => createVersion(ctx, args),
    renameDocumentVersion: (_parent, args, ctx) => renameVersion(ctx, args),
    deleteDocumentVersion: async (_parent, args, ctx) => {
      await deleteVersion(ctx, args);
      return true;
    },
    restoreDocumentVersion: async (_parent, { documentId, versionId, expectedVersion }, ctx) => {
      await restoreVersion(ctx, { documentId, versionId, expectedVersion });
      return findDocument(ctx, documentId);
    },
  },
  Document: {
    versions: async (document, args, ctx) => (await listVersions(ctx, { documentId: document.id, ...args })).rows,
    versionsConnection: async (document, args, ctx) =>
      toConnection(await listVersions(ctx, { documentId: document.id, ...args }), args, creationKey),
  },
  DocumentVersion: {
    actor: ({ actor: { kind, id, userId } }) => ({ kind, id, user: userId === null ? null : { id: userId } }),
    content: async ({ id }, _args, ctx) => (await readVersionContent(ctx, id)).content,
    text: async ({ id }, _args, ctx) => (await readVersionContent(ctx, id)).text,
  },
} satisfies AnyResolvers;
