/** Which methods each path takes, for `Allow`: asked only for requests that no route took. */
export class PathTable {
  readonly #methods = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  /** @param url as the router writes it: `/a/:id`, `/files/*`. */
  add(url: string, method: string | readonly string[]): void {
    let known = this.#methods.get(url);
    if (known === undefined) {
      known = { pattern: patternOf(url), methods: new Set(['OPTIONS']) };
      this.#methods.set(url, known);
    }
    for (const one of typeof method === 'string' ? [method] : method) known.methods.add(one);
  }

  /** Methods in alphabetical order; none when no route has the path. */
  methodsOf(path: string): readonly string[] {
    const found = new Set<string>();
    for (const { pattern, methods } of this.#methods.values()) {
      if (pattern.test(path)) for (const method of methods) found.add(method);
    }
    return [...found].toSorted();
  }
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    if (part === '*') return '.*';
    return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
