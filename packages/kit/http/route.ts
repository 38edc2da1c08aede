import type { Static, TSchema } from 'typebox';
import type { Ctx } from '../context/ctx.ts';
import type { ErrorConstructorOf } from '../errors/index.ts';

/** Methods a route may have. Unsafe ones accept `Idempotency-Key`. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type StaticOr<S, Otherwise> = S extends TSchema ? Static<S> : Otherwise;

/** What a handler gets, validated. */
export interface RouteInput<P, Q, B> {
  readonly params: StaticOr<P, Readonly<Record<string, never>>>;
  readonly query: StaticOr<Q, Readonly<Record<string, never>>>;
  readonly body: StaticOr<B, undefined>;
  /** Request headers, lower case, as they came. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The value in `If-Match` without quotes and `v`, when the client sent one: an expected version. */
  readonly ifMatch: number | undefined;
}

/** What a handler answers. */
export interface RouteReply<R> {
  readonly body: StaticOr<R, undefined>;
  /** What is sent as it is by a route with `mediaTypes`; its header `content-type` says which of them it is. */
  readonly raw?: string | Uint8Array;
  /** Version of the resource: becomes a strong `ETag: "v12"`; a GET with a matching If-None-Match becomes 304. */
  readonly version?: number;
  /**
   * Lower-case letters and digits that change with whatever else the answer shows: `"v12.k3f"`. `If-Match` takes the
   * version out of it.
   */
  readonly variant?: string;
  /** Address of a resource that was made. */
  readonly location?: string;
  /** Further headers, lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One REST operation: its path, its schemas and its handler in one place. Validation, OpenAPI, the fuzz test and the
 * published examples all come from here. The schema objects are the types.
 */
export interface RouteSpec<Service, P, Q, B, R> {
  readonly method: Method;
  /** Absolute, with `{name}` for path parameters as OpenAPI writes them: `/api/v1/agents/{id}`. */
  readonly path: `/${string}`;
  readonly operationId: string;
  /** One line for the list of operations. */
  readonly summary: string;
  /** Further sentences, Markdown. */
  readonly description?: string;
  /** `authenticated` answers 401 before anything else; `public` leaves it to the operation. */
  readonly access: 'public' | 'authenticated';
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The answer when all goes well. Leave `schema` out for 204. */
  readonly response: {
    readonly status: number;
    readonly description: string;
    readonly schema?: R;
    /** Media types of an answer that is no JSON, in place of `schema`. */
    readonly mediaTypes?: readonly string[];
  };
  /** Refusals beyond those that every operation can answer (401, 403, 429, 500, 503 and validation). */
  readonly errors: readonly ErrorConstructorOf[];
  /** A request that works as it stands for a signed-in owner of the demo tenant, and the answer it may get. */
  readonly example: {
    readonly params?: object;
    readonly query?: object;
    readonly body?: unknown;
    readonly response?: unknown;
  };
  /**
   * Whether answers carry a `version`, so that the document names `ETag`, `If-None-Match` and 304. Default: whether the
   * answer has a whole number of that name.
   */
  readonly versioned?: boolean;
  /** Largest body in bytes; the platform's default is 1 MiB. */
  readonly bodyBytesMax?: number;
  /**
   * Whether the answer may be stored for `Idempotency-Key`. Default: true for unsafe methods. False where the answer
   * holds credentials, which are never stored.
   */
  readonly idempotency?: boolean;
  handle(ctx: Ctx<Service>, input: RouteInput<P, Q, B>): Promise<RouteReply<R>>;
}

/** A route whose schema types are erased, as the server keeps it. */
// biome-ignore lint/suspicious/noExplicitAny: the erased form takes routes of every schema; each was checked when defined.
export type Route<Service = unknown> = RouteSpec<Service, any, any, any, any>;

/** The route maker of one service: `const route = routesOf<AuthService>()`. */
export const routesOf =
  <Service>() =>
  <P = undefined, Q = undefined, B = undefined, R = undefined>(spec: RouteSpec<Service, P, Q, B, R>): Route<Service> =>
    spec;
