import type { LostChanges } from '@candlefish/client-realtime';
import { diffContent, type RootDiff } from '@candlefish/document/domain/content-diff';
import {
  CONTENT_TYPE_DEFAULT,
  CONTENT_TYPES,
  type ContentType,
  isContentType,
  rootsOf,
} from '@candlefish/document/domain/content-types';
import { project } from '@candlefish/document/domain/projection';
import type { RootChangesFragment, SideChangesFragment } from '@candlefish/web-graphql/operations/changes';
import * as Y from 'yjs';

/** Lost changes in readable form. */
export interface ReadLoss {
  /** The document with them in it, as plain text. */
  readonly text: string;
  readonly contentType: ContentType;
  /** What they would change in the document as it is; null when it is gone. */
  readonly changes: SideChangesFragment | null;
}

/**
 * What an author wrote and could not save.
 * @param present The document as it is; null when it is gone.
 * @param contentType Of the document; null when it is not known, which the content tells then.
 */
export function readLoss(
  { state, reason, code }: LostChanges,
  present: Y.Doc | null,
  contentType: string | null,
): ReadLoss {
  const written = new Y.Doc();
  Y.applyUpdate(written, state);
  const type = contentType !== null && isContentType(contentType) ? contentType : typeOf(written);
  // With the same history both go together: then only what is lost shows as a change.
  if (present !== null && reason === 'refused') Y.applyUpdate(written, Y.encodeStateAsUpdate(present));
  const after = project(written, type);
  // A document that was closed under its author holds their edits itself, so there is nothing to compare with.
  if (present === null || code === 'closed') return { text: after.text, contentType: type, changes: null };
  const { roots, isCoarse } = diffContent(project(present, type), after, type);
  return { text: after.text, contentType: type, changes: { roots: roots.map(asTold), isCoarse } };
}

/** A comparison as the API tells it: what is missing is null. */
const asTold = ({ patch, ...root }: RootDiff): RootChangesFragment => ({
  ...root,
  patch: patch?.map(({ op, path, value = null, before = null }) => ({ op, path, value, before })) ?? null,
});

/** The content type whose roots a document has; plain text for one that says nothing. Two types of text share a root; the plainer one comes first. */
const typeOf = (doc: Y.Doc): ContentType =>
  (Object.keys(CONTENT_TYPES) as ContentType[]).find((type) =>
    Object.keys(rootsOf(type)).every((root) => doc.share.has(root)),
  ) ?? CONTENT_TYPE_DEFAULT;
