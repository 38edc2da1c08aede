/*
 * The reference makes its style sheets at run time. The page's policy admits inline styles by nonce only, so every
 * style element made from here on carries the nonce of this page.
 */
{
  const nonce = document.querySelector('meta[name="style-nonce"]').content;
  const createElement = Document.prototype.createElement;
  Document.prototype.createElement = function (name, options) {
    const element = createElement.call(this, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
}
