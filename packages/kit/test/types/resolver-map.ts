import type { CompleteResolvers } from '@candlefish/kit/graphql';
import type { GraphQLScalarType } from 'graphql';

/**
 * Maps that forget a resolver. Each line under `@ts-expect-error` has to be refused by the type check; one that is
 * accepted is itself an error.
 */

type Resolver = (parent: never, args: never, ctx: never) => unknown;
type Maps = {
  DateTime?: GraphQLScalarType;
  Query?: { agent?: Resolver; agents?: Resolver };
  Agent?: { id?: Resolver; name?: Resolver; owner?: Resolver; __resolveReference?: Resolver; __isTypeOf?: Resolver };
  PageInfo?: { hasNextPage?: Resolver };
};
type Parents = {
  Query: Record<PropertyKey, never>;
  Agent: { id: string; name: string; ownerId: string };
  PageInfo: { hasNextPage: boolean };
};
type Resolvers = CompleteResolvers<Maps, Parents>;

const resolve: Resolver = () => null;
const Query = { agent: resolve, agents: resolve };
const Agent = { owner: resolve, __resolveReference: resolve };

export const complete = { Query, Agent } satisfies Resolvers;
export const more = { Query, Agent: { ...Agent, name: resolve }, PageInfo: {} } satisfies Resolvers;

// @ts-expect-error a root field without a resolver
export const rootFieldForgotten = { Query: { agent: resolve }, Agent } satisfies Resolvers;
// @ts-expect-error a field that the object behind the type does not hold
export const fieldForgotten = { Query, Agent: { __resolveReference: resolve } } satisfies Resolvers;
// @ts-expect-error an entity that others refer to
export const referenceForgotten = { Query, Agent: { owner: resolve } } satisfies Resolvers;
// @ts-expect-error a type as a whole
export const typeForgotten = { Query } satisfies Resolvers;
// @ts-expect-error a field that is not in the schema
export const fieldInvented = { Query, Agent: { ...Agent, nope: resolve } } satisfies Resolvers;
