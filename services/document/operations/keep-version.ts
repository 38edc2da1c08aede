import type { Tx } from '@candlefish/kit/context';
import type { VersionKind } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { project } from '../domain/projection.ts';
import { insertVersion } from '../store/document-versions.ts';
import type { WorkAction } from './document-access.ts';
import type { LockedDocument } from './locked-document.ts';
import { type PackedState, packState } from './version-state.ts';

/** A state that is to be kept. */
export interface VersionToKeep {
  readonly kind: VersionKind;
  readonly name?: string;
}

/** A present state, ready to be kept: taken before the document changes. */
export interface TakenState {
  readonly head: Place;
  readonly packed: PackedState;
  readonly textLength: number;
}

/** Of which document and sequence a state is. */
type Place = Pick<LockedDocument['head'], 'documentId' | 'seq' | 'epoch'>;

/** Takes the present state of a document that is locked, or that was read in one view. */
export const takeState = ({
  head,
  doc,
  contentType,
}: Omit<LockedDocument, 'head'> & { readonly head: Place }): TakenState => ({
  head,
  packed: packState(doc),
  textLength: project(doc, contentType).text.length,
});

/** Keeps a state in the name of the caller. @returns the id of the version, null when an automatic one was there already. */
export async function keepVersion(
  ctx: DocumentCtx,
  tx: Tx<WorkAction | 'document:create'>,
  { head, packed, textLength }: TakenState,
  { kind, name }: VersionToKeep,
): Promise<string | null> {
  const { actor } = ctx;
  if (actor.tenantId === null) throw new Error('a version needs a tenant');
  const row = await tx.first(
    insertVersion({
      id: ctx.ids.next(),
      tenantId: actor.tenantId,
      documentId: head.documentId,
      seq: head.seq,
      epoch: head.epoch,
      kind,
      name: name ?? null,
      actorKind: actor.kind,
      actorId: actor.id,
      userId: actor.userId,
      ...packed,
      textLength,
      createdAt: ctx.clock.now(),
    }),
  );
  return row?.id ?? null;
}
