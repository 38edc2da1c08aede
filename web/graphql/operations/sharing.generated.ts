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

/** Whom a document shows itself to without being on its list of members. */
export type DocumentVisibility =
  /** Its creator, its members, and owners and admins of the tenant. */
  | 'private'
  /** Everybody of the tenant, as far as their role goes. */
  | 'tenant';

export type DocumentSharingQueryVariables = Exact<{
  id: string;
}>;


export type DocumentSharingQuery = { readonly document: { readonly id: string, readonly title: string, readonly visibility: DocumentVisibility, readonly createdBy: { readonly id: string, readonly email: string } | null, readonly members: ReadonlyArray<{ readonly id: string, readonly level: DocumentAccess, readonly user: { readonly id: string, readonly email: string } | null }> } | null, readonly users: ReadonlyArray<{ readonly id: string, readonly email: string, readonly role: string, readonly isDisabled: boolean }> };

export type MemberRowFragment = { readonly id: string, readonly level: DocumentAccess, readonly user: { readonly id: string, readonly email: string } | null };

export type SetVisibilityMutationVariables = Exact<{
  id: string;
  visibility: DocumentVisibility;
}>;


export type SetVisibilityMutation = { readonly setDocumentVisibility: { readonly id: string, readonly visibility: DocumentVisibility } };

export type SetMemberMutationVariables = Exact<{
  documentId: string;
  memberId: string;
  level: DocumentAccess;
}>;


export type SetMemberMutation = { readonly setDocumentMember: { readonly id: string, readonly level: DocumentAccess, readonly user: { readonly id: string, readonly email: string } | null } };

export type RemoveMemberMutationVariables = Exact<{
  documentId: string;
  memberId: string;
}>;


export type RemoveMemberMutation = { readonly removeDocumentMember: boolean };

export const documentSharingQuery = operation<DocumentSharingQuery, DocumentSharingQueryVariables>('DocumentSharing', `
query DocumentSharing($id: ID!) {
  document(id: $id) {
    id
    title
    visibility
    createdBy {
      id
      email
    }
    members(first: 200) {
      ...MemberRow
    }
  }
  users(first: 200) {
    id
    email
    role
    isDisabled
  }
}
fragment MemberRow on DocumentMember {
  id
  level
  user {
    id
    email
  }
}
`);

export const setVisibilityMutation = operation<SetVisibilityMutation, SetVisibilityMutationVariables>('SetVisibility', `
mutation SetVisibility($id: ID!, $visibility: DocumentVisibility!) {
  setDocumentVisibility(id: $id, visibility: $visibility) {
    id
    visibility
  }
}
`);

export const setMemberMutation = operation<SetMemberMutation, SetMemberMutationVariables>('SetMember', `
mutation SetMember($documentId: ID!, $memberId: ID!, $level: DocumentAccess!) {
  setDocumentMember(documentId: $documentId, memberId: $memberId, level: $level) {
    ...MemberRow
  }
}
fragment MemberRow on DocumentMember {
  id
  level
  user {
    id
    email
  }
}
`);

export const removeMemberMutation = operation<RemoveMemberMutation, RemoveMemberMutationVariables>('RemoveMember', `
mutation RemoveMember($documentId: ID!, $memberId: ID!) {
  removeDocumentMember(documentId: $documentId, memberId: $memberId)
}
`);
