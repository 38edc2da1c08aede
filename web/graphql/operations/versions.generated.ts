import { operation } from '../operation.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type DocumentVersionKind =
  /** After a pause of 10 minutes or 500 updates. */
  | 'auto'
  /** The state before a merge. */
  | 'before_merge'
  /** The state at which a branch began. */
  | 'branch_point'
  /** Somebody gave it a name; it stays until it is deleted. */
  | 'named'
  /** The state before a restore. */
  | 'restore';

export type DocumentVersionsQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type DocumentVersionsQuery = { readonly document: { readonly id: string, readonly versionsConnection: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly sequence: number, readonly kind: DocumentVersionKind, readonly name: string | null, readonly createdAt: string, readonly actor: { readonly kind: string, readonly user: { readonly id: string, readonly email: string } | null } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type VersionRowFragment = { readonly id: string, readonly sequence: number, readonly kind: DocumentVersionKind, readonly name: string | null, readonly createdAt: string, readonly actor: { readonly kind: string, readonly user: { readonly id: string, readonly email: string } | null } };

export type NameVersionMutationVariables = Exact<{
  documentId: string;
  name: string;
}>;


export type NameVersionMutation = { readonly createDocumentVersion: { readonly id: string, readonly sequence: number, readonly kind: DocumentVersionKind, readonly name: string | null, readonly createdAt: string, readonly actor: { readonly kind: string, readonly user: { readonly id: string, readonly email: string } | null } } };

export type RestoreVersionMutationVariables = Exact<{
  documentId: string;
  versionId: string;
}>;


export type RestoreVersionMutation = { readonly restoreDocumentVersion: { readonly id: string, readonly version: number } };

export type RenameVersionMutationVariables = Exact<{
  id: string;
  name: string;
}>;


export type RenameVersionMutation = { readonly renameDocumentVersion: { readonly id: string, readonly sequence: number, readonly kind: DocumentVersionKind, readonly name: string | null, readonly createdAt: string, readonly actor: { readonly kind: string, readonly user: { readonly id: string, readonly email: string } | null } } };

export type DeleteVersionMutationVariables = Exact<{
  id: string;
}>;


export type DeleteVersionMutation = { readonly deleteDocumentVersion: boolean };

export const documentVersionsQuery = operation<DocumentVersionsQuery, DocumentVersionsQueryVariables>('DocumentVersions', `
query DocumentVersions($id: ID!, $after: Cursor) {
  document(id: $id) {
    id
    versionsConnection(first: 30, after: $after) {
      edges {
        node {
          ...VersionRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
fragment VersionRow on DocumentVersion {
  id
  sequence
  kind
  name
  createdAt
  actor {
    kind
    user {
      id
      email
    }
  }
}
`);

export const nameVersionMutation = operation<NameVersionMutation, NameVersionMutationVariables>('NameVersion', `
mutation NameVersion($documentId: ID!, $name: String!) {
  createDocumentVersion(documentId: $documentId, name: $name) {
    ...VersionRow
  }
}
fragment VersionRow on DocumentVersion {
  id
  sequence
  kind
  name
  createdAt
  actor {
    kind
    user {
      id
      email
    }
  }
}
`);

export const restoreVersionMutation = operation<RestoreVersionMutation, RestoreVersionMutationVariables>('RestoreVersion', `
mutation RestoreVersion($documentId: ID!, $versionId: ID!) {
  restoreDocumentVersion(documentId: $documentId, versionId: $versionId) {
    id
    version
  }
}
`);

export const renameVersionMutation = operation<RenameVersionMutation, RenameVersionMutationVariables>('RenameVersion', `
mutation RenameVersion($id: ID!, $name: String!) {
  renameDocumentVersion(id: $id, name: $name) {
    ...VersionRow
  }
}
fragment VersionRow on DocumentVersion {
  id
  sequence
  kind
  name
  createdAt
  actor {
    kind
    user {
      id
      email
    }
  }
}
`);

export const deleteVersionMutation = operation<DeleteVersionMutation, DeleteVersionMutationVariables>('DeleteVersion', `
mutation DeleteVersion($id: ID!) {
  deleteDocumentVersion(id: $id)
}
`);
