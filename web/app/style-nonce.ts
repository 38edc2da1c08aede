/** The nonce with which this page's policy admits style elements that parts make at run time. */
export function styleNonce(): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content;
  if (nonce === undefined) throw new Error('the page carries no nonce');
  return nonce;
}
