import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'graphql';
import type { GeneratedFile, Generator } from '../lib/generation.ts';

/** Where a subgraph answers when nothing else is configured; routers of other makers read it from the file. */
const urlOf = (name: string): string => `http://${name}:8000/internal/subgraphs/${name}`;

/**
 * The composed supergraph, and the schema that clients see of it. Composition rules that a subgraph breaks fail the
 * generator, each with its code and the subgraph.
 */
export const supergraph: Generator = {
  name: 'supergraph',
  outputs: ['services/graphql/supergraph.graphql', 'services/graphql/api.generated.graphql'],
  async run(root) {
    const { composeServices } = await import('@theguild/federation-composition');
    const services = await subgraphsIn(root);
    const composed = composeServices(
      services.map(({ name, sdl }) => ({ name, url: urlOf(name), typeDefs: parse(sdl) })),
    );
    if (composed.supergraphSdl === undefined) {
      const problems = composed.errors.map(
        (error) => `${String(error.extensions['code'] ?? 'INVALID')}: ${error.message}`,
      );
      throw new Error(`the subgraphs do not compose:\n${problems.join('\n')}`);
    }
    return [file('supergraph', composed.supergraphSdl), file('api.generated', composed.publicSdl)];
  },
};

const file = (name: string, sdl: string): GeneratedFile => ({
  path: `services/graphql/${name}.graphql`,
  content: `${sdl.trim()}\n`,
});

interface SubgraphSource {
  readonly name: string;
  readonly sdl: string;
}

async function subgraphsIn(root: string): Promise<readonly SubgraphSource[]> {
  const names = (await readdir(join(root, 'services'))).sort();
  const found = await Promise.all(
    names.map(async (name): Promise<readonly SubgraphSource[]> => {
      const sdl = await readFile(join(root, 'services', name, 'schema.graphql'), 'utf8').catch(absent);
      return sdl === undefined ? [] : [{ name, sdl }];
    }),
  );
  return found.flat();
}

/** A service without a subgraph has no such file; any other failure is one. */
function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined;
  throw error;
}
