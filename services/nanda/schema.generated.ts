import type { CompleteResolvers } from '@candlefish/kit/graphql';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { AgentMapper, AgentVersionMapper, AgentStatusUpdateMapper } from './graphql-mappers.ts';
import type { NandaCtx } from './ctx.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A place in a list or a stream, opaque to clients. */
  Cursor: { input: string; output: string; }
  /** A moment in UTC (RFC 3339). */
  DateTime: { input: Date; output: Date; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
  _FieldSet: { input: string; output: string; }
};

/** An agent that is registered with the tenant. */
export type Agent = {
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who registered it; null when that person is gone or no person did. */
  readonly createdBy: Maybe<User>;
  readonly description: Scalars['String']['output'];
  readonly id: Scalars['ID']['output'];
  /** What the last look at the agent's own description showed; null when there was none. */
  readonly lastCheck: Maybe<AgentCheck>;
  readonly name: Scalars['String']['output'];
  /** Counts changes, from 1. */
  readonly revision: Scalars['Int']['output'];
  /** What was registered: an AgentCard of A2A 1.0 or AgentFacts, as it came. */
  readonly spec: Scalars['JSON']['output'];
  readonly specKind: SpecKind;
  readonly status: AgentStatus;
  /** What both formats say, in one form. */
  readonly summary: AgentSummary;
  readonly tenantId: Scalars['ID']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
  readonly version: Scalars['String']['output'];
  /** Published versions, newest first. */
  readonly versions: AgentVersionConnection;
};


/** An agent that is registered with the tenant. */
export type AgentVersionsArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type AgentCapabilities = {
  readonly pushNotifications: Scalars['Boolean']['output'];
  readonly streaming: Scalars['Boolean']['output'];
};

export type AgentCheck = {
  readonly checkedAt: Scalars['DateTime']['output'];
  /** One sentence for people. */
  readonly detail: Scalars['String']['output'];
  readonly outcome: AgentCheckOutcome;
};

export type AgentCheckOutcome =
  /** What it publishes differs from what is registered. */
  | 'drifted'
  /** It publishes what is registered. */
  | 'healthy'
  /** What it publishes is not valid. */
  | 'invalid'
  /** It does not answer, or not with a description. */
  | 'unreachable';

export type AgentConnection = {
  readonly edges: ReadonlyArray<AgentEdge>;
  readonly pageInfo: PageInfo;
};

export type AgentEdge = {
  readonly cursor: Scalars['Cursor']['output'];
  readonly node: Agent;
};

export type AgentEndpoint = {
  /** `JSONRPC`, `GRPC`, `HTTP+JSON` or another binding of A2A; `HTTP` where the format names none. */
  readonly protocol: Scalars['String']['output'];
  readonly protocolVersion: Maybe<Scalars['String']['output']>;
  readonly url: Scalars['String']['output'];
};

/** Which agents a list shows: those that meet all conditions. */
export type AgentFilter = {
  /** Words of name or description, or a part of either. */
  readonly search?: InputMaybe<Scalars['String']['input']>;
  /** Id or tag of a skill, in any case. */
  readonly skill?: InputMaybe<Scalars['String']['input']>;
  /** Any of these. */
  readonly status?: InputMaybe<ReadonlyArray<AgentStatus>>;
};

export type AgentProvider = {
  readonly name: Scalars['String']['output'];
  readonly url: Scalars['String']['output'];
};

export type AgentSkill = {
  readonly description: Scalars['String']['output'];
  readonly id: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
};

/** Where an agent stands. */
export type AgentStatus =
  /** In use. */
  | 'active'
  /** In use, but the last check found it unreachable, invalid or different from what is registered. */
  | 'degraded'
  /** Being written. */
  | 'draft'
  /** Registered and not in use. */
  | 'inactive'
  /** Put away for good. */
  | 'retired'
  /** Not to be trusted any more; can only be retired. */
  | 'revoked'
  /** Taken out of use for a time. */
  | 'suspended';

/** A change of an agent's status. */
export type AgentStatusUpdate = {
  /** The agent as it is now; null when it has been deleted since. */
  readonly agent: Maybe<Agent>;
  readonly agentId: Scalars['ID']['output'];
  readonly changedAt: Scalars['DateTime']['output'];
  /** Continues the stream after this change. */
  readonly cursor: Scalars['Cursor']['output'];
  readonly previousStatus: AgentStatus;
  readonly reason: Maybe<Scalars['String']['output']>;
  readonly status: AgentStatus;
};

/** What both formats say of an agent, in one form. */
export type AgentSummary = {
  readonly capabilities: AgentCapabilities;
  /** The preferred one first. */
  readonly endpoints: ReadonlyArray<AgentEndpoint>;
  readonly inputModes: ReadonlyArray<Scalars['String']['output']>;
  readonly outputModes: ReadonlyArray<Scalars['String']['output']>;
  readonly provider: Maybe<AgentProvider>;
  readonly skills: ReadonlyArray<AgentSkill>;
};

/** A published version, which never changes. */
export type AgentVersion = {
  readonly createdAt: Scalars['DateTime']['output'];
  readonly specKind: SpecKind;
  readonly summary: AgentSummary;
  readonly version: Scalars['String']['output'];
};

export type AgentVersionConnection = {
  readonly edges: ReadonlyArray<AgentVersionEdge>;
  readonly pageInfo: PageInfo;
};

export type AgentVersionEdge = {
  readonly cursor: Scalars['Cursor']['output'];
  readonly node: AgentVersion;
};

export type CreateAgentInput = {
  /** At most 4,000 characters. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 255 characters. */
  readonly name: Scalars['String']['input'];
  /** AgentCard of A2A 1.0 or AgentFacts, at most 256 KiB. */
  readonly spec: Scalars['JSON']['input'];
  /** `draft` or `inactive`, which is the default. */
  readonly status?: InputMaybe<AgentStatus>;
  /** 1 to 50 characters. */
  readonly version: Scalars['String']['input'];
};

export type Mutation = {
  /** Asks for a look at what the agent publishes about itself. The finding shows in `lastCheck` and as a change of status. */
  readonly checkAgent: Agent;
  /** Registers an agent and publishes its first version. */
  readonly createAgent: Agent;
  /** Deletes an agent with all its versions. */
  readonly deleteAgent: Scalars['Boolean']['output'];
  /** Changes an agent. A changed spec needs a new version; a status must be one that may follow. */
  readonly updateAgent: Agent;
};


export type MutationCheckAgentArgs = {
  id: Scalars['ID']['input'];
};


export type MutationCreateAgentArgs = {
  input: CreateAgentInput;
};


export type MutationDeleteAgentArgs = {
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationUpdateAgentArgs = {
  id: Scalars['ID']['input'];
  input: UpdateAgentInput;
};

/** Where a page of a connection lies. */
export type PageInfo = {
  readonly endCursor: Maybe<Scalars['Cursor']['output']>;
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  readonly startCursor: Maybe<Scalars['Cursor']['output']>;
};

export type Query = {
  /** One agent; null when there is none of this id. */
  readonly agent: Maybe<Agent>;
  /** Agents of the tenant, newest first. */
  readonly agents: ReadonlyArray<Agent>;
  /** The same as a Relay connection. */
  readonly agentsConnection: AgentConnection;
};


export type QueryAgentArgs = {
  id: Scalars['ID']['input'];
};


export type QueryAgentsArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  filter?: InputMaybe<AgentFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryAgentsConnectionArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  filter?: InputMaybe<AgentFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** Format of a spec. */
export type SpecKind =
  /** AgentCard of A2A 1.0. */
  | 'a2a_card'
  /** AgentFacts, version 1. */
  | 'agent_facts';

export type Subscription = {
  /** Changes of status in the caller's tenant as they come. With `after`, those after that place first, none left out. */
  readonly agentStatusChanged: AgentStatusUpdate;
};


export type SubscriptionAgentStatusChangedArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  tenantId: Scalars['ID']['input'];
};

/** What is to change; what is left out or null stays. */
export type UpdateAgentInput = {
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** Refuses the change when the agent has another revision by now. */
  readonly expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** Why the status changes; told with the change. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  readonly spec?: InputMaybe<Scalars['JSON']['input']>;
  readonly status?: InputMaybe<AgentStatus>;
  readonly version?: InputMaybe<Scalars['String']['input']>;
};

/** A person, whom the auth service knows. */
export type User = {
  readonly id: Scalars['ID']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Agent: Agent;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Agent:
    ( { __typename: 'Agent' }
    & GraphQLRecursivePick<FederationTypes['Agent'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Agent: ResolverTypeWrapper<AgentMapper>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  AgentCapabilities: ResolverTypeWrapper<AgentCapabilities>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  AgentCheck: ResolverTypeWrapper<AgentCheck>;
  AgentCheckOutcome: AgentCheckOutcome;
  AgentConnection: ResolverTypeWrapper<Omit<AgentConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['AgentEdge']> }>;
  AgentEdge: ResolverTypeWrapper<Omit<AgentEdge, 'node'> & { node: ResolversTypes['Agent'] }>;
  AgentEndpoint: ResolverTypeWrapper<AgentEndpoint>;
  AgentFilter: AgentFilter;
  AgentProvider: ResolverTypeWrapper<AgentProvider>;
  AgentSkill: ResolverTypeWrapper<AgentSkill>;
  AgentStatus: AgentStatus;
  AgentStatusUpdate: ResolverTypeWrapper<AgentStatusUpdateMapper>;
  AgentSummary: ResolverTypeWrapper<AgentSummary>;
  AgentVersion: ResolverTypeWrapper<AgentVersionMapper>;
  AgentVersionConnection: ResolverTypeWrapper<Omit<AgentVersionConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['AgentVersionEdge']> }>;
  AgentVersionEdge: ResolverTypeWrapper<Omit<AgentVersionEdge, 'node'> & { node: ResolversTypes['AgentVersion'] }>;
  CreateAgentInput: CreateAgentInput;
  Cursor: ResolverTypeWrapper<Scalars['Cursor']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SpecKind: SpecKind;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  UpdateAgentInput: UpdateAgentInput;
  User: ResolverTypeWrapper<User>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Agent: AgentMapper;
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  AgentCapabilities: AgentCapabilities;
  Boolean: Scalars['Boolean']['output'];
  AgentCheck: AgentCheck;
  AgentConnection: Omit<AgentConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['AgentEdge']> };
  AgentEdge: Omit<AgentEdge, 'node'> & { node: ResolversParentTypes['Agent'] };
  AgentEndpoint: AgentEndpoint;
  AgentFilter: AgentFilter;
  AgentProvider: AgentProvider;
  AgentSkill: AgentSkill;
  AgentStatusUpdate: AgentStatusUpdateMapper;
  AgentSummary: AgentSummary;
  AgentVersion: AgentVersionMapper;
  AgentVersionConnection: Omit<AgentVersionConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['AgentVersionEdge']> };
  AgentVersionEdge: Omit<AgentVersionEdge, 'node'> & { node: ResolversParentTypes['AgentVersion'] };
  CreateAgentInput: CreateAgentInput;
  Cursor: Scalars['Cursor']['output'];
  DateTime: Scalars['DateTime']['output'];
  JSON: Scalars['JSON']['output'];
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  UpdateAgentInput: UpdateAgentInput;
  User: User;
};

export type AgentResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['Agent'] = ResolversParentTypes['Agent'], FederationReferenceType extends FederationReferenceTypes['Agent'] = FederationReferenceTypes['Agent']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Agent']> | FederationReferenceType, FederationReferenceType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastCheck?: Resolver<Maybe<ResolversTypes['AgentCheck']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  spec?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  specKind?: Resolver<ResolversTypes['SpecKind'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['AgentStatus'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['AgentSummary'], ParentType, ContextType>;
  tenantId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  versions?: Resolver<ResolversTypes['AgentVersionConnection'], ParentType, ContextType, RequireFields<AgentVersionsArgs, 'first'>>;
};

export type AgentCapabilitiesResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentCapabilities'] = ResolversParentTypes['AgentCapabilities']> = {
  pushNotifications?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  streaming?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type AgentCheckResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentCheck'] = ResolversParentTypes['AgentCheck']> = {
  checkedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  detail?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['AgentCheckOutcome'], ParentType, ContextType>;
};

export type AgentConnectionResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentConnection'] = ResolversParentTypes['AgentConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AgentEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AgentEdgeResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentEdge'] = ResolversParentTypes['AgentEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Agent'], ParentType, ContextType>;
};

export type AgentEndpointResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentEndpoint'] = ResolversParentTypes['AgentEndpoint']> = {
  protocol?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  protocolVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AgentProviderResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentProvider'] = ResolversParentTypes['AgentProvider']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AgentSkillResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentSkill'] = ResolversParentTypes['AgentSkill']> = {
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  tags?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AgentStatusUpdateResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentStatusUpdate'] = ResolversParentTypes['AgentStatusUpdate']> = {
  agent?: Resolver<Maybe<ResolversTypes['Agent']>, ParentType, ContextType>;
  agentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  changedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  previousStatus?: Resolver<ResolversTypes['AgentStatus'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['AgentStatus'], ParentType, ContextType>;
};

export type AgentSummaryResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentSummary'] = ResolversParentTypes['AgentSummary']> = {
  capabilities?: Resolver<ResolversTypes['AgentCapabilities'], ParentType, ContextType>;
  endpoints?: Resolver<ReadonlyArray<ResolversTypes['AgentEndpoint']>, ParentType, ContextType>;
  inputModes?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  outputModes?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  provider?: Resolver<Maybe<ResolversTypes['AgentProvider']>, ParentType, ContextType>;
  skills?: Resolver<ReadonlyArray<ResolversTypes['AgentSkill']>, ParentType, ContextType>;
};

export type AgentVersionResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentVersion'] = ResolversParentTypes['AgentVersion']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  specKind?: Resolver<ResolversTypes['SpecKind'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['AgentSummary'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AgentVersionConnectionResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentVersionConnection'] = ResolversParentTypes['AgentVersionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AgentVersionEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AgentVersionEdgeResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['AgentVersionEdge'] = ResolversParentTypes['AgentVersionEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AgentVersion'], ParentType, ContextType>;
};

export interface CursorScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Cursor'], any> {
  name: 'Cursor';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type MutationResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  checkAgent?: Resolver<ResolversTypes['Agent'], ParentType, ContextType, RequireFields<MutationCheckAgentArgs, 'id'>>;
  createAgent?: Resolver<ResolversTypes['Agent'], ParentType, ContextType, RequireFields<MutationCreateAgentArgs, 'input'>>;
  deleteAgent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationDeleteAgentArgs, 'id'>>;
  updateAgent?: Resolver<ResolversTypes['Agent'], ParentType, ContextType, RequireFields<MutationUpdateAgentArgs, 'id' | 'input'>>;
};

export type PageInfoResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['Cursor']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['Cursor']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  agent?: Resolver<Maybe<ResolversTypes['Agent']>, ParentType, ContextType, RequireFields<QueryAgentArgs, 'id'>>;
  agents?: Resolver<ReadonlyArray<ResolversTypes['Agent']>, ParentType, ContextType, RequireFields<QueryAgentsArgs, 'first'>>;
  agentsConnection?: Resolver<ResolversTypes['AgentConnection'], ParentType, ContextType, RequireFields<QueryAgentsConnectionArgs, 'first'>>;
};

export type SubscriptionResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  agentStatusChanged?: SubscriptionResolver<ResolversTypes['AgentStatusUpdate'], "agentStatusChanged", ParentType, ContextType, RequireFields<SubscriptionAgentStatusChangedArgs, 'tenantId'>>;
};

export type UserResolvers<ContextType = NandaCtx, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type AnyResolvers<ContextType = NandaCtx> = {
  Agent?: AgentResolvers<ContextType>;
  AgentCapabilities?: AgentCapabilitiesResolvers<ContextType>;
  AgentCheck?: AgentCheckResolvers<ContextType>;
  AgentConnection?: AgentConnectionResolvers<ContextType>;
  AgentEdge?: AgentEdgeResolvers<ContextType>;
  AgentEndpoint?: AgentEndpointResolvers<ContextType>;
  AgentProvider?: AgentProviderResolvers<ContextType>;
  AgentSkill?: AgentSkillResolvers<ContextType>;
  AgentStatusUpdate?: AgentStatusUpdateResolvers<ContextType>;
  AgentSummary?: AgentSummaryResolvers<ContextType>;
  AgentVersion?: AgentVersionResolvers<ContextType>;
  AgentVersionConnection?: AgentVersionConnectionResolvers<ContextType>;
  AgentVersionEdge?: AgentVersionEdgeResolvers<ContextType>;
  Cursor?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  JSON?: GraphQLScalarType;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
};

/** The resolver map that this service writes. */
export type Resolvers = CompleteResolvers<AnyResolvers, ResolversParentTypes>;
