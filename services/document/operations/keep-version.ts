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
  /** The sequence it is of; default the present one. */
  readonly seq?: number;
}

/** A present state, ready to be kept: taken before the document changes. */
export interface TakenState {
  readonly head: LockedDocument['head'];
  readonly packed: PackedState;
  readonly textLength: number;
}

/** Takes the present state of a locked document. */
export const takeState = ({ head, doc, contentType }: LockedDocument): TakenState => ({
  head,
  packed: packState(doc),
  textLength: project(doc, contentType).text.length,
});

/** Keeps a state in the name of the caller. @returns the id of the version, null when an automatic one was there already. */
export async function keepVersion(
  ctx: DocumentCtx,
  tx: Tx<WorkAction>,
  { head, packed, textLength }: TakenState,
  { kind, name, seq }: VersionToKeep,
): Promise<string | null> {
  const { actor } = ctx;
  if (actor.tenantId === null) throw new Error('a version needs a tenant');
  const row = await tx.first(
    insertVersion({
      id: ctx.ids.next(),
      tenantId: actor.tenantId,
      documentId: head.documentId,
      seq: seq ?? head.seq,
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
