import type { FetchNodePathSegment, FetchRewrite } from '@graphql-hive/router-query-planner';
import { type Data, isData } from './data.ts';
import type { TypeConditions } from './types.ts';

/** Changes an object in place, as a plan asks for what a subgraph calls differently. */
export type Rewrite = (data: unknown) => void;

/** The rewrites of a fetch as one. @throws Error for a rewrite that is not known. */
export function compileRewrites(
  rewrites: readonly FetchRewrite[] | undefined,
  types: TypeConditions,
): Rewrite | undefined {
  if (rewrites === undefined || rewrites.length === 0) return undefined;
  const compiled = rewrites.map((rewrite) => compileRewrite(rewrite, types));
  return (data) => {
    for (const rewrite of compiled) rewrite(data);
  };
}

function compileRewrite(rewrite: FetchRewrite, types: TypeConditions): Rewrite {
  if ('KeyRenamer' in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    return alongPath(path, types, (data, key) => {
      data[renameKeyTo] = data[key];
      delete data[key];
    });
  }
  const { path, setValueTo } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite;
  return alongPath(path, types, (data, key) => {
    data[key] = setValueTo;
  });
}

function alongPath(
  path: readonly FetchNodePathSegment[],
  types: TypeConditions,
  act: (data: Data, key: string) => void,
): Rewrite {
  const walk = (data: unknown, at: number): void => {
    if (Array.isArray(data)) {
      for (const item of data) walk(item, at);
      return;
    }
    const segment = path[at];
    if (!isData(data) || segment === undefined) return;
    if ('TypenameEquals' in segment) {
      if (data['__typename'] === undefined || types.holds(data['__typename'], [segment.TypenameEquals].flat()))
        walk(data, at + 1);
      return;
    }
    if (at < path.length - 1) walk(data[segment.Key], at + 1);
    else if (data[segment.Key] !== undefined) act(data, segment.Key);
  };
  return (data) => walk(data, 0);
}
