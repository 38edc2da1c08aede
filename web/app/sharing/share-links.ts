import type { Client } from '@candlefish/web-graphql';

/** What a link lets its holders do. */
export type LinkLevel = 'comment' | 'edit' | 'view';

/** A link that opens a document to people without an account. */
export interface ShareLink {
  readonly id: string;
  readonly level: LinkLevel;
  readonly hasPassword: boolean;
  /** ISO 8601; null for one that is good until it is taken back. */
  readonly expiresAt: string | null;
  readonly uses: number;
  readonly createdAt: string;
}

/** What a new link is to be. */
export interface NewShareLink {
  readonly level: LinkLevel;
  readonly expiresAt?: string;
  readonly password?: string;
}

/** Links shown; a document has a handful. */
const LINKS_MAX = 100;

const pathOf = (documentId: string) => `/api/v1/documents/${documentId}/share-links`;

/** Links of a document, newest first. @throws ApiError */
export async function listShareLinks(client: Client, documentId: string): Promise<readonly ShareLink[]> {
  const answer = await client.fetch(`${pathOf(documentId)}?limit=${LINKS_MAX}`);
  return ((await answer.json()) as { readonly data: readonly ShareLink[] }).data;
}

/** Makes a link and gives its address, which is told this once. @throws ApiError */
export async function createShareLink(client: Client, documentId: string, link: NewShareLink): Promise<string> {
  const answer = await client.fetch(pathOf(documentId), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(link),
  });
  const { token } = (await answer.json()) as { readonly token: string };
  // Behind the #, where no server on the way and no log sees it.
  return `${location.origin}/shared#${token}`;
}

/** Takes a link back. @throws ApiError */
export const revokeShareLink = async (client: Client, documentId: string, id: string): Promise<void> =>
  void (await client.fetch(`${pathOf(documentId)}/${id}`, { method: 'DELETE' }));
