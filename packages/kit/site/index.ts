/** Sites: pages and their files, all from this process, behind a strict policy. */
export { addBuiltSite, addSite, type BuiltSite, type SendPage, type Site } from './site.ts';
