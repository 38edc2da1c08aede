import { ApiError } from '@candlefish/web-graphql';

/** What opening a share link gives. */
export interface OpenedShare {
  readonly documentId: string;
  readonly title: string;
  readonly level: 'comment' | 'edit' | 'view';
  readonly shareToken: string;
}

/** The document of a share link. */
export interface SharedDocument extends OpenedShare {
  readonly contentType: string;
}

/** What an opening gave is kept for the tab, so that a reload neither counts nor asks again. */
const KEPT = 'candlefish.share';

/**
 * Opens a share link. @param post asks the platform without a credential.
 * @throws ApiError SHARE_PASSWORD_NEEDED, SHARE_PASSWORD_WRONG, SHARE_LINK_UNKNOWN, SHARE_LINK_EXPIRED, SHARE_LINK_USED_UP
 */
export async function openShare(
  fetchPublic: (path: string, init?: RequestInit) => Promise<Response>,
  token: string,
  password: string | null,
): Promise<SharedDocument> {
  const kept = sessionStorage.getItem(`${KEPT}.${token}`);
  const opened = (await (
    await fetchPublic('/api/v1/share-links/open', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token,
        ...(password !== null && { password }),
        ...(kept !== null && { shareToken: kept }),
      }),
    })
  ).json()) as OpenedShare;
  sessionStorage.setItem(`${KEPT}.${token}`, opened.shareToken);
  const document = (await (
    await fetchPublic('/api/v1/shared-document', { headers: { 'x-share-token': opened.shareToken } })
  ).json()) as { readonly contentType: string };
  return { ...opened, contentType: document.contentType };
}

/** Whether the link asks for a password, or for another one. */
export const asksForPassword = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 'SHARE_PASSWORD_NEEDED' || error.code === 'SHARE_PASSWORD_WRONG');
