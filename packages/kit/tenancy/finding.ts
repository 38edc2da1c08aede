/** Something that could let one tenant reach another. */
export interface Finding {
  /** Table, function or role. */
  readonly subject: string;
  readonly problem: string;
}
