/** A grey bar where something will be. @param width any CSS length; the whole line by default. */
export const Skeleton = ({ width = '70%' }: { readonly width?: string }) => (
  <span className="skeleton" style={{ width }} aria-hidden />
);
