import { operation } from '../operation.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type MembershipsQueryVariables = Exact<{ [key: string]: never; }>;


export type MembershipsQuery = { readonly me: { readonly id: string, readonly email: string, readonly role: string } | null, readonly memberships: ReadonlyArray<{ readonly tenantId: string, readonly tenantName: string, readonly role: string, readonly isCurrent: boolean, readonly isDisabled: boolean }> };

export const membershipsQuery = operation<MembershipsQuery, MembershipsQueryVariables>('Memberships', `
query Memberships {
  me {
    id
    email
    role
  }
  memberships {
    tenantId
    tenantName
    role
    isCurrent
    isDisabled
  }
}
`);
