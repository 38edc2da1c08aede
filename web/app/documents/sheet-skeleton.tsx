import { Skeleton } from '@candlefish/ui';

const LINES = ['45%', '90%', '84%', '62%'] as const;

/** A sheet whose text is on its way. */
export const SheetSkeleton = () => (
  <div className="sheet sheet-skeleton" aria-busy="true">
    {LINES.map((width) => (
      <Skeleton key={width} width={width} />
    ))}
  </div>
);
