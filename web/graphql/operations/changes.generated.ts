import { operation } from '../operation.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type DocumentBlockChangeKind =
  | 'change'
  | 'delete'
  | 'equal'
  | 'insert';

export type DocumentJsonOp =
  | 'add'
  | 'remove'
  | 'replace';

export type DocumentPartKind =
  | 'delete'
  | 'equal'
  | 'insert';

export type DocumentDifferenceQueryVariables = Exact<{
  id: string;
  from: string;
  to: string;
}>;


export type DocumentDifferenceQuery = { readonly documentDiff: { readonly isCoarse: boolean, readonly roots: ReadonlyArray<{ readonly root: string, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> | null, readonly blocks: ReadonlyArray<{ readonly kind: DocumentBlockChangeKind, readonly block: { readonly path: unknown, readonly text: string }, readonly was: { readonly path: unknown, readonly text: string } | null, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> }> | null, readonly patch: ReadonlyArray<{ readonly op: DocumentJsonOp, readonly path: string, readonly value: unknown, readonly before: unknown }> | null }> } };

export type MergePreviewQueryVariables = Exact<{
  branchId: string;
}>;


export type MergePreviewQuery = { readonly documentMergePreview: { readonly mainVersion: number, readonly ours: { readonly isCoarse: boolean, readonly roots: ReadonlyArray<{ readonly root: string, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> | null, readonly blocks: ReadonlyArray<{ readonly kind: DocumentBlockChangeKind, readonly block: { readonly path: unknown, readonly text: string }, readonly was: { readonly path: unknown, readonly text: string } | null, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> }> | null, readonly patch: ReadonlyArray<{ readonly op: DocumentJsonOp, readonly path: string, readonly value: unknown, readonly before: unknown }> | null }> }, readonly theirs: { readonly isCoarse: boolean, readonly roots: ReadonlyArray<{ readonly root: string, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> | null, readonly blocks: ReadonlyArray<{ readonly kind: DocumentBlockChangeKind, readonly block: { readonly path: unknown, readonly text: string }, readonly was: { readonly path: unknown, readonly text: string } | null, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> }> | null, readonly patch: ReadonlyArray<{ readonly op: DocumentJsonOp, readonly path: string, readonly value: unknown, readonly before: unknown }> | null }> }, readonly result: { readonly isCoarse: boolean, readonly roots: ReadonlyArray<{ readonly root: string, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> | null, readonly blocks: ReadonlyArray<{ readonly kind: DocumentBlockChangeKind, readonly block: { readonly path: unknown, readonly text: string }, readonly was: { readonly path: unknown, readonly text: string } | null, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> }> | null, readonly patch: ReadonlyArray<{ readonly op: DocumentJsonOp, readonly path: string, readonly value: unknown, readonly before: unknown }> | null }> }, readonly conflicts: ReadonlyArray<{ readonly root: string, readonly path: string, readonly base: unknown, readonly ours: unknown, readonly theirs: unknown }> } };

export type SideChangesFragment = { readonly isCoarse: boolean, readonly roots: ReadonlyArray<{ readonly root: string, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> | null, readonly blocks: ReadonlyArray<{ readonly kind: DocumentBlockChangeKind, readonly block: { readonly path: unknown, readonly text: string }, readonly was: { readonly path: unknown, readonly text: string } | null, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> }> | null, readonly patch: ReadonlyArray<{ readonly op: DocumentJsonOp, readonly path: string, readonly value: unknown, readonly before: unknown }> | null }> };

export type RootChangesFragment = { readonly root: string, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> | null, readonly blocks: ReadonlyArray<{ readonly kind: DocumentBlockChangeKind, readonly block: { readonly path: unknown, readonly text: string }, readonly was: { readonly path: unknown, readonly text: string } | null, readonly parts: ReadonlyArray<{ readonly kind: DocumentPartKind, readonly text: string }> }> | null, readonly patch: ReadonlyArray<{ readonly op: DocumentJsonOp, readonly path: string, readonly value: unknown, readonly before: unknown }> | null };

export const documentDifferenceQuery = operation<DocumentDifferenceQuery, DocumentDifferenceQueryVariables>('DocumentDifference', `
query DocumentDifference($id: ID!, $from: String!, $to: String!) {
  documentDiff(id: $id, from: $from, to: $to) {
    isCoarse
    roots {
      ...RootChanges
    }
  }
}
fragment RootChanges on DocumentRootDiff {
  root
  parts {
    kind
    text
  }
  blocks {
    kind
    block {
      path
      text
    }
    was {
      path
      text
    }
    parts {
      kind
      text
    }
  }
  patch {
    op
    path
    value
    before
  }
}
`);

export const mergePreviewQuery = operation<MergePreviewQuery, MergePreviewQueryVariables>('MergePreview', `
query MergePreview($branchId: ID!) {
  documentMergePreview(branchId: $branchId) {
    mainVersion
    ours {
      ...SideChanges
    }
    theirs {
      ...SideChanges
    }
    result {
      ...SideChanges
    }
    conflicts {
      root
      path
      base
      ours
      theirs
    }
  }
}
fragment SideChanges on DocumentContentDiff {
  isCoarse
  roots {
    ...RootChanges
  }
}
fragment RootChanges on DocumentRootDiff {
  root
  parts {
    kind
    text
  }
  blocks {
    kind
    block {
      path
      text
    }
    was {
      path
      text
    }
    parts {
      kind
      text
    }
  }
  patch {
    op
    path
    value
    before
  }
}
`);
