import { assertCompositionSuccess, composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { SUBGRAPHS, type SubgraphName } from './graph.ts';

/** The composed supergraph of the reference graph, with the subgraphs at these addresses. */
export function supergraphOf(urlOf: (name: SubgraphName) => string): string {
  const services = (Object.keys(SUBGRAPHS) as SubgraphName[]).map((name) => ({
    name,
    url: urlOf(name),
    typeDefs: parse(SUBGRAPHS[name]),
  }));
  const result = composeServices(services);
  assertCompositionSuccess(result);
  return result.supergraphSdl;
}
