/** HTTP: routes declared as data, served by Fastify behind one edge, described by OpenAPI. */
export { type AdminServer, type AdminServerOptions, createAdminServer, health } from './admin.ts';
export { checkRoute } from './check-route.ts';
export { ClientAddresses } from './client-address.ts';
export { type HttpConfig, httpConfig } from './config.ts';
export { addOpenApi } from './documents.ts';
export { noneMatchNames } from './headers.ts';
export { type ApiInfo, type DocumentedService, errorsOf, openApiDocument } from './openapi.ts';
export { PROBLEM_TYPE, problemOf, toAppError } from './problem.ts';
export { type Method, type Route, type RouteInput, type RouteReply, type RouteSpec, routesOf } from './route.ts';
export { HttpScope } from './scope.ts';
export { createHttpServer, type HttpServer, type HttpServerOptions, type RequestHost } from './server.ts';
