import { operation } from '../operation.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type CreateDocumentInput = {
  /** A JSON Schema that a content of `application/json` follows. */
  readonly contentSchema?: unknown;
  /**
   * `text/plain` (the default), `text/markdown`, `application/json`, `application/vnd.candlefish.richtext` or
   * `application/vnd.candlefish.checklist`.
   */
  readonly contentType?: string | null | undefined;
  /** 1 to 255 characters. */
  readonly title: string;
  /** `tenant` by default. */
  readonly visibility?: DocumentVisibility | null | undefined;
};

/** What somebody may do with a document; each level includes those before it. */
export type DocumentAccess =
  | 'comment'
  | 'edit'
  | 'manage'
  | 'view';

/** Which documents a list shows: those that meet all conditions. */
export type DocumentFilter = {
  readonly contentType?: string | null | undefined;
  /** Id of a person. */
  readonly createdBy?: string | null | undefined;
  /** Words that title and text hold, the last one perhaps only begun (from three characters on). The list then begins with the best. */
  readonly search?: string | null | undefined;
  /** A part of the title, in any case. */
  readonly title?: string | null | undefined;
};

/** Whom a document shows itself to without being on its list of members. */
export type DocumentVisibility =
  /** Its creator, its members, and owners and admins of the tenant. */
  | 'private'
  /** Everybody of the tenant, as far as their role goes. */
  | 'tenant';

export type DocumentsQueryVariables = Exact<{
  filter?: DocumentFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type DocumentsQuery = { readonly documentsConnection: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly title: string, readonly contentType: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly visibility: DocumentVisibility, readonly snippet: ReadonlyArray<{ readonly text: string, readonly isMatch: boolean }> | null, readonly createdBy: { readonly id: string, readonly email: string } | null, readonly branchOf: { readonly id: string, readonly mainDocumentId: string } | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type DocumentRowFragment = { readonly id: string, readonly title: string, readonly contentType: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly visibility: DocumentVisibility, readonly createdBy: { readonly id: string, readonly email: string } | null, readonly branchOf: { readonly id: string, readonly mainDocumentId: string } | null };

export type DocumentQueryVariables = Exact<{
  id: string;
}>;


export type DocumentQuery = { readonly document: { readonly access: DocumentAccess, readonly id: string, readonly title: string, readonly contentType: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly visibility: DocumentVisibility, readonly branchOf: { readonly id: string, readonly mainDocumentId: string, readonly mainSequence: number, readonly mergedAt: string | null, readonly main: { readonly id: string, readonly title: string, readonly access: DocumentAccess } | null } | null, readonly createdBy: { readonly id: string, readonly email: string } | null } | null };

export type CreateDocumentMutationVariables = Exact<{
  input: CreateDocumentInput;
}>;


export type CreateDocumentMutation = { readonly createDocument: { readonly id: string, readonly title: string, readonly contentType: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly visibility: DocumentVisibility, readonly createdBy: { readonly id: string, readonly email: string } | null, readonly branchOf: { readonly id: string, readonly mainDocumentId: string } | null } };

export type RenameDocumentMutationVariables = Exact<{
  id: string;
  title: string;
}>;


export type RenameDocumentMutation = { readonly renameDocument: { readonly id: string, readonly title: string, readonly contentType: string, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly visibility: DocumentVisibility, readonly createdBy: { readonly id: string, readonly email: string } | null, readonly branchOf: { readonly id: string, readonly mainDocumentId: string } | null } };

export type DeleteDocumentMutationVariables = Exact<{
  id: string;
}>;


export type DeleteDocumentMutation = { readonly deleteDocument: boolean };

export const documentsQuery = operation<DocumentsQuery, DocumentsQueryVariables>('Documents', `
query Documents($filter: DocumentFilter, $after: Cursor) {
  documentsConnection(filter: $filter, first: 50, after: $after) {
    edges {
      node {
        ...DocumentRow
        snippet {
          text
          isMatch
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
fragment DocumentRow on Document {
  id
  title
  contentType
  version
  createdAt
  updatedAt
  createdBy {
    id
    email
  }
  visibility
  branchOf {
    id
    mainDocumentId
  }
}
`);

export const documentQuery = operation<DocumentQuery, DocumentQueryVariables>('Document', `
query Document($id: ID!) {
  document(id: $id) {
    ...DocumentRow
    access
    branchOf {
      id
      mainDocumentId
      mainSequence
      mergedAt
      main {
        id
        title
        access
      }
    }
  }
}
fragment DocumentRow on Document {
  id
  title
  contentType
  version
  createdAt
  updatedAt
  createdBy {
    id
    email
  }
  visibility
  branchOf {
    id
    mainDocumentId
  }
}
`);

export const createDocumentMutation = operation<CreateDocumentMutation, CreateDocumentMutationVariables>('CreateDocument', `
mutation CreateDocument($input: CreateDocumentInput!) {
  createDocument(input: $input) {
    ...DocumentRow
  }
}
fragment DocumentRow on Document {
  id
  title
  contentType
  version
  createdAt
  updatedAt
  createdBy {
    id
    email
  }
  visibility
  branchOf {
    id
    mainDocumentId
  }
}
`);

export const renameDocumentMutation = operation<RenameDocumentMutation, RenameDocumentMutationVariables>('RenameDocument', `
mutation RenameDocument($id: ID!, $title: String!) {
  renameDocument(id: $id, title: $title) {
    ...DocumentRow
  }
}
fragment DocumentRow on Document {
  id
  title
  contentType
  version
  createdAt
  updatedAt
  createdBy {
    id
    email
  }
  visibility
  branchOf {
    id
    mainDocumentId
  }
}
`);

export const deleteDocumentMutation = operation<DeleteDocumentMutation, DeleteDocumentMutationVariables>('DeleteDocument', `
mutation DeleteDocument($id: ID!) {
  deleteDocument(id: $id)
}
`);
