/*
 * The reference makes its style sheets at run time. The page's policy admits inline styles by nonce only, so every
 * style element made from here on carries the nonce of this page, and style attributes are set through the CSS object
 * model, which the policy leaves alone.
 */
{
  const nonce = document.querySelector('meta[name="style-nonce"]').content;
  const createElement = Document.prototype.createElement;
  Document.prototype.createElement = function (name, options) {
    const element = createElement.call(this, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === 'style' && 'style' in this) this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}
