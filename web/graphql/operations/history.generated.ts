import { operation } from '../operation.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type DocumentHistoryQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type DocumentHistoryQuery = { readonly document: { readonly id: string, readonly historyConnection: { readonly edges: ReadonlyArray<{ readonly node: { readonly fromSequence: number, readonly toSequence: number, readonly updates: number, readonly origins: ReadonlyArray<string>, readonly startedAt: string, readonly endedAt: string, readonly undoneBy: number | null, readonly actor: { readonly kind: string, readonly id: string, readonly user: { readonly id: string, readonly email: string } | null } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type HistorySessionFragment = { readonly fromSequence: number, readonly toSequence: number, readonly updates: number, readonly origins: ReadonlyArray<string>, readonly startedAt: string, readonly endedAt: string, readonly undoneBy: number | null, readonly actor: { readonly kind: string, readonly id: string, readonly user: { readonly id: string, readonly email: string } | null } };

export type DocumentAuthorsQueryVariables = Exact<{
  id: string;
}>;


export type DocumentAuthorsQuery = { readonly document: { readonly id: string, readonly attribution: { readonly version: number, readonly isComplete: boolean, readonly runs: ReadonlyArray<{ readonly path: ReadonlyArray<string | number>, readonly text: string | null, readonly actor: { readonly kind: string, readonly id: string, readonly user: { readonly id: string, readonly email: string } | null } | null }> } } | null };

export type UndoUpdateMutationVariables = Exact<{
  id: string;
  sequence: number;
}>;


export type UndoUpdateMutation = { readonly undoDocumentUpdate: { readonly id: string, readonly version: number } };

export const documentHistoryQuery = operation<DocumentHistoryQuery, DocumentHistoryQueryVariables>('DocumentHistory', `
query DocumentHistory($id: ID!, $after: Cursor) {
  document(id: $id) {
    id
    historyConnection(first: 30, after: $after) {
      edges {
        node {
          ...HistorySession
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
fragment HistorySession on DocumentHistorySession {
  fromSequence
  toSequence
  updates
  origins
  startedAt
  endedAt
  undoneBy
  actor {
    kind
    id
    user {
      id
      email
    }
  }
}
`);

export const documentAuthorsQuery = operation<DocumentAuthorsQuery, DocumentAuthorsQueryVariables>('DocumentAuthors', `
query DocumentAuthors($id: ID!) {
  document(id: $id) {
    id
    attribution {
      version
      isComplete
      runs {
        path
        text
        actor {
          kind
          id
          user {
            id
            email
          }
        }
      }
    }
  }
}
`);

export const undoUpdateMutation = operation<UndoUpdateMutation, UndoUpdateMutationVariables>('UndoUpdate', `
mutation UndoUpdate($id: ID!, $sequence: Int!) {
  undoDocumentUpdate(id: $id, sequence: $sequence) {
    id
    version
  }
}
`);
