export * from './contract/access.ts';
export * from './contract/documents.ts';
export * from './contract/errors.ts';
export * from './contract/events.ts';
export * from './contract/live.ts';
export * from './contract/members.ts';
export * from './contract/operations.ts';
export * from './contract/share-links.ts';
export { ContentTypeSchema } from './contract/schemas.ts';
