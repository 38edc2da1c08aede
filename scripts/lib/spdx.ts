/**
 * Whether a licence expression (SPDX, as npm packages write it) can be met by allowed licences only: of `A OR B` one
 * side is enough, of `A AND B` both are needed.
 * @param isAllowed Judges a single licence identifier.
 * @throws SyntaxError when the expression cannot be read.
 */
export function isLicenceAllowed(expression: string, isAllowed: (licence: string) => boolean): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let position = 0;

  const readOperand = (): boolean => {
    const token = tokens[position++];
    if (token === '(') {
      const inner = readAny();
      if (tokens[position++] !== ')') throw new SyntaxError(`licence "${expression}" has an open parenthesis`);
      return inner;
    }
    if (token === undefined || token === ')' || token === 'OR' || token === 'AND') {
      throw new SyntaxError(`licence "${expression}" cannot be read`);
    }
    return isAllowed(token);
  };
  const readAll = (): boolean => {
    let all = readOperand();
    while (tokens[position] === 'AND') {
      position++;
      all = readOperand() && all;
    }
    return all;
  };
  const readAny = (): boolean => {
    let any = readAll();
    while (tokens[position] === 'OR') {
      position++;
      any = readAll() || any;
    }
    return any;
  };

  const answer = readAny();
  if (position !== tokens.length) throw new SyntaxError(`licence "${expression}" cannot be read`);
  return answer;
}
