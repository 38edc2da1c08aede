/** HTTP: routes declared as data, served by Fastify, described by OpenAPI. */
export { type Method, type Route, type RouteInput, type RouteReply, type RouteSpec, routesOf } from './route.ts';
