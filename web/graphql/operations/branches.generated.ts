import { operation } from '../operation.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** What somebody may do with a document; each level includes those before it. */
export type DocumentAccess =
  | 'comment'
  | 'edit'
  | 'manage'
  | 'view';

export type DocumentBranchesQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type DocumentBranchesQuery = { readonly document: { readonly id: string, readonly branchesConnection: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly title: string, readonly createdAt: string, readonly mergedAt: string | null, readonly document: { readonly id: string, readonly access: DocumentAccess, readonly createdBy: { readonly id: string, readonly email: string } | null } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type BranchRowFragment = { readonly id: string, readonly title: string, readonly createdAt: string, readonly mergedAt: string | null, readonly document: { readonly id: string, readonly access: DocumentAccess, readonly createdBy: { readonly id: string, readonly email: string } | null } };

export type CreateBranchMutationVariables = Exact<{
  documentId: string;
  title: string;
}>;


export type CreateBranchMutation = { readonly createDocumentBranch: { readonly id: string, readonly title: string } };

export type MergeBranchMutationVariables = Exact<{
  branchId: string;
  expectedVersion?: number | null | undefined;
}>;


export type MergeBranchMutation = { readonly mergeDocument: { readonly id: string, readonly version: number } };

export const documentBranchesQuery = operation<DocumentBranchesQuery, DocumentBranchesQueryVariables>('DocumentBranches', `
query DocumentBranches($id: ID!, $after: Cursor) {
  document(id: $id) {
    id
    branchesConnection(first: 30, after: $after) {
      edges {
        node {
          ...BranchRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
fragment BranchRow on DocumentBranch {
  id
  title
  createdAt
  mergedAt
  document {
    id
    access
    createdBy {
      id
      email
    }
  }
}
`);

export const createBranchMutation = operation<CreateBranchMutation, CreateBranchMutationVariables>('CreateBranch', `
mutation CreateBranch($documentId: ID!, $title: String!) {
  createDocumentBranch(documentId: $documentId, title: $title) {
    id
    title
  }
}
`);

export const mergeBranchMutation = operation<MergeBranchMutation, MergeBranchMutationVariables>('MergeBranch', `
mutation MergeBranch($branchId: ID!, $expectedVersion: Int) {
  mergeDocument(branchId: $branchId, expectedVersion: $expectedVersion) {
    id
    version
  }
}
`);
