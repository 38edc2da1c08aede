/** What can be open beside a document. */
export const PANELS = ['comments', 'history', 'branches'] as const;
export type Panel = (typeof PANELS)[number];

/** What the address of a document says beside its id. */
export interface DocumentSight {
  readonly panel?: Panel | undefined;
}

/** The panel of an address; undefined for none. */
export const panelOf = (text: unknown): Panel | undefined => PANELS.find((panel) => panel === text);
